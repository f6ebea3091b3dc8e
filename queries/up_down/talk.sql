-- asks: After how many decisions that call for a talk was there one, in the days that the rule gives?
-- reads: talk_due, welfare_rule, extent
-- takes: since, until, min_group, unit?
-- grain: rule_id
-- columns:
--   rule_id     VARCHAR  the rule
--   trigger     VARCHAR  what calls for the talk: somebody held to account or cleared
--   days        INTEGER  days within which a talk is to follow
--   cases       INTEGER  decisions followed by a talk in time, late or not at all; null where suppressed
--   in_time     INTEGER  of them in time; null where suppressed
--   late        INTEGER  later; null where suppressed
--   missed      INTEGER  by no talk though the days are over; null where suppressed
--   undated     INTEGER  by one on a date that cannot tell whether in time, not among the cases; null where suppressed
--   waiting     INTEGER  still within their days, not among the cases; null where suppressed
--   unreported  INTEGER  of years of which no talks were reported, not among the cases; null where suppressed
--   share       DOUBLE   in_time over cases; null where suppressed or without a case
--   low         DOUBLE   lower end of its 95 % Wilson interval
--   high        DOUBLE   upper end of its 95 % Wilson interval
--   suppressed  BOOLEAN  too few decisions, or next to too few in a total from which they could be taken away
--   document    VARCHAR  source of the rule
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
with counted as (
    select
        rule_id, count(*) as people,
        count(*) filter (outcome in ('in_time', 'late', 'missed')) as cases,
        count(*) filter (outcome = 'in_time') as in_time, count(*) filter (outcome = 'late') as late,
        count(*) filter (outcome = 'missed') as missed, count(*) filter (outcome = 'undated') as undated,
        count(*) filter (outcome = 'waiting') as waiting, count(*) filter (outcome = 'unreported') as unreported
    from talk_due
    inner join extent
        on talk_due.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where month > $since and month <= $until
    group by rule_id
),
hidden as (
    select *, withheld(people, rule_id, 1, $min_group) as suppressed from counted
)
select
    rule.rule_id, rule.trigger, rule.days,
    cast(case when not suppressed then cases end as integer) as cases,
    cast(case when not suppressed then in_time end as integer) as in_time,
    cast(case when not suppressed then late end as integer) as late,
    cast(case when not suppressed then missed end as integer) as missed,
    cast(case when not suppressed then undated end as integer) as undated,
    cast(case when not suppressed then waiting end as integer) as waiting,
    cast(case when not suppressed then unreported end as integer) as unreported,
    case when not suppressed and cases > 0 then in_time / cases::double end as share,
    case when not suppressed then wilson_low(in_time, cases) end as low,
    case when not suppressed then wilson_high(in_time, cases) end as high,
    suppressed, rule.document, rule.clause, rule.confirmed
from hidden
inner join welfare_rule as rule
    on hidden.rule_id = rule.rule_id and rule.valid_from = (
        select max(last.valid_from) from welfare_rule as last where last.rule_id = hidden.rule_id and last.valid_from <= $until
    )
order by rule.place
