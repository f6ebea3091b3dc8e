-- makes: Every decision that calls for a talk with the one it is about, and the first talk there was from that day on.
-- reads: down_case, protection_step, given.welfare_use, welfare_known, welfare_rule, build
-- scope: unit_no
-- grain: person_id, trigger, since
-- person: person_id
-- columns:
--   person_id  VARCHAR  who
--   trigger    VARCHAR  what called for the talk
--   since      INTEGER  day of the decision, YYYYMMDD with zeros for an unknown day
--   month      INTEGER  its month, YYYYMM
--   unit_no    INTEGER  where
--   rule_id    VARCHAR  rule that gives the days
--   outcome    VARCHAR  in_time or late whatever the day; undated (the dates cannot tell); missed, waiting, or unreported (talks of that year, or of the next where the days run into it, were not reported)
with called as (
    select person_id, trigger, decided as since, month, min(unit_no) as unit_no
    from down_case
    where trigger is not null
    group by person_id, trigger, decided, month
    union all
    select person_id, trigger, since, month, min(unit_no)
    from protection_step
    where trigger is not null
    group by person_id, trigger, since, month
),
ruled as (
    select called.*, rule.rule_id, rule.days as allowed
    from called
    inner join welfare_rule as rule
        on rule.kind = 'trigger' and called.trigger = rule.trigger
        and rule.valid_from <= called.month and (rule.valid_to is null or rule.valid_to > called.month)
),
talked as (
    select
        ruled.person_id, ruled.trigger, ruled.since,
        min(greatest(day_number(used.date) - last_day_number(ruled.since), 0)) as fewest,
        min(last_day_number(used.date) - day_number(ruled.since)) as most
    from ruled
    inner join given.welfare_use as used
        on ruled.person_id = used.person_id and used.item = 'talk' and used.used > 0
        and last_day_number(used.date) >= day_number(ruled.since)
    group by ruled.person_id, ruled.trigger, ruled.since
),
waited as (
    select
        ruled.*,
        day_number(add_months(build.data_month, 1) * 100 + 1) - last_day_number(ruled.since) as waited,
        case
            when last_day_number(ruled.since) + ruled.allowed <= last_day_number(floor(ruled.month / 100) * 10000)
                then floor(ruled.month / 100)
            else floor(ruled.month / 100) + 1
        end as over_in
    from ruled
    cross join build
),
counted as (
    select
        waited.*, talked.fewest, talked.most,
        known.year is not null and (over_in = known.year or waited <= allowed or following.year is not null) as reported
    from waited
    left join talked
        on waited.person_id = talked.person_id and waited.trigger = talked.trigger and waited.since = talked.since
    left join welfare_known as known on known.item = 'talk' and floor(waited.month / 100) = known.year
    left join welfare_known as following on following.item = 'talk' and floor(waited.month / 100) + 1 = following.year
)
select
    person_id, trigger, since, month, unit_no, rule_id,
    case
        when most <= allowed then 'in_time'
        when not reported then 'unreported'
        when fewest > allowed then 'late'
        when fewest is not null then 'undated'
        when waited > allowed then 'missed'
        else 'waiting'
    end as outcome
from counted
order by month, unit_no, person_id
