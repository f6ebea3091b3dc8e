-- asks: How many calls for a talk were answered in the days that the rule gives, by what called for it?
-- reads: talk_called, welfare_rule, unit
-- takes: year, min_group, unit?
-- grain: trigger
-- columns:
--   trigger     VARCHAR  what called for the talk
--   days        INTEGER  days within which a talk is to answer
--   cases       INTEGER  calls whose days are over or that were answered; null where suppressed
--   in_time     INTEGER  of them answered in time; null where suppressed
--   late        INTEGER  answered later; null where suppressed
--   missed      INTEGER  not answered though the days are over; null where suppressed
--   waiting     INTEGER  calls still within their days, not among the cases; null where suppressed
--   share       DOUBLE   in_time over cases; null where suppressed or without a case
--   low         DOUBLE   lower end of its 95 % Wilson interval
--   high        DOUBLE   upper end of its 95 % Wilson interval
--   suppressed  BOOLEAN  too few calls, or next to too few in a total from which they could be taken away
--   document    VARCHAR  source of the rule
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
with area as (
    select min(unit_no) as first_no, max(last_no) as last_no
    from unit
    where $unit is null or unit_id = $unit
),
counted as (
    select
        rule_id, count(*) as people,
        count(*) filter (outcome <> 'waiting') as cases,
        count(*) filter (outcome = 'in_time') as in_time,
        count(*) filter (outcome = 'late') as late,
        count(*) filter (outcome = 'missed') as missed,
        count(*) filter (outcome = 'waiting') as waiting
    from talk_called
    inner join area on talk_called.unit_no between area.first_no and area.last_no
    where year = $year
    group by rule_id
),
ranked as (
    select
        *,
        row_number() over smallest_first as place,
        min(people) over () as fewest,
        coalesce(sum(people) over (smallest_first rows between unbounded preceding and 1 preceding), 0) as smaller
    from counted
    window smallest_first as (order by people, rule_id)
),
hidden as (
    select
        *,
        people < $min_group or (fewest < $min_group and (place <= 2 or smaller < $min_group)) as suppressed
    from ranked
)
select
    rule.trigger, rule.days,
    cast(case when not suppressed then cases end as integer) as cases,
    cast(case when not suppressed then in_time end as integer) as in_time,
    cast(case when not suppressed then late end as integer) as late,
    cast(case when not suppressed then missed end as integer) as missed,
    cast(case when not suppressed then waiting end as integer) as waiting,
    case when not suppressed and cases > 0 then in_time / cases::double end as share,
    case when not suppressed then wilson_low(in_time, cases) end as low,
    case when not suppressed then wilson_high(in_time, cases) end as high,
    suppressed, rule.document, rule.clause, rule.confirmed
from hidden
inner join welfare_rule as rule
    on hidden.rule_id = rule.rule_id
    and rule.valid_from <= $year * 100 + 12 and (rule.valid_to is null or rule.valid_to > $year * 100 + 12)
order by rule.place
