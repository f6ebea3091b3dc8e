-- asks: How many calls for a talk were answered in the days that the rule gives, by what called for it?
-- reads: talk_called, welfare_rule, extent
-- takes: year, min_group, unit?
-- grain: trigger
-- columns:
--   trigger     VARCHAR  what called for the talk
--   days        INTEGER  days within which a talk is to answer
--   cases       INTEGER  calls answered in time, late or not at all; null where suppressed
--   in_time     INTEGER  of them answered in time; null where suppressed
--   late        INTEGER  answered later; null where suppressed
--   missed      INTEGER  not answered though the days are over; null where suppressed
--   undated     INTEGER  answered, on a date that cannot tell whether in time, not among the cases; null where suppressed
--   waiting     INTEGER  calls still within their days, not among the cases; null where suppressed
--   share       DOUBLE   in_time over cases; null where suppressed or without a case
--   low         DOUBLE   lower end of its 95 % Wilson interval
--   high        DOUBLE   upper end of its 95 % Wilson interval
--   suppressed  BOOLEAN  too few calls, or next to too few in a total from which they could be taken away
--   document    VARCHAR  source of the rule
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
with counted as (
    select
        rule_id, count(*) as people,
        count(*) filter (outcome in ('in_time', 'late', 'missed')) as cases,
        count(*) filter (outcome = 'in_time') as in_time,
        count(*) filter (outcome = 'late') as late,
        count(*) filter (outcome = 'missed') as missed,
        count(*) filter (outcome = 'undated') as undated,
        count(*) filter (outcome = 'waiting') as waiting
    from talk_called
    inner join extent
        on talk_called.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where year = $year
    group by rule_id
),
hidden as (
    select *, withheld(people, rule_id, 1, $min_group) as suppressed from counted
)
select
    rule.trigger, rule.days,
    cast(case when not suppressed then cases end as integer) as cases,
    cast(case when not suppressed then in_time end as integer) as in_time,
    cast(case when not suppressed then late end as integer) as late,
    cast(case when not suppressed then missed end as integer) as missed,
    cast(case when not suppressed then undated end as integer) as undated,
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
