-- asks: Within how many days did cases of tolerance, correction and clearing reach each stage, and how many are overdue?
-- reads: protection_step, protection_rule, extent
-- takes: since, until, min_group, unit?
-- grain: rule_id
-- columns:
--   rule_id        VARCHAR  the rule
--   protected_by   VARCHAR  kind of case: tolerance, correction or clearing
--   stage          VARCHAR  the stage
--   days           INTEGER  days within which it is to be reached
--   steps_due      INTEGER  cases that reached it in time or late, or are overdue; null where suppressed
--   on_time        INTEGER  of them in time; null where suppressed
--   reached_late   INTEGER  later; null where suppressed
--   steps_overdue  INTEGER  overdue: not reached though the days are over; null where suppressed
--   undated        INTEGER  reached on a date that cannot tell whether in time, not among the cases; null where suppressed
--   not_yet_due    INTEGER  still within their days, not among the cases; null where suppressed
--   share          DOUBLE   on_time over steps_due; null where suppressed or without a case
--   median_days    DOUBLE   days that the middle one took of those that reached it on a known day; null where suppressed or none did
--   suppressed     BOOLEAN  too few cases, or next to too few in a total from which they could be taken away
--   document       VARCHAR  source of the rule
--   clause         VARCHAR  clause of the source
--   confirmed      VARCHAR  who stands behind it
with counted as (
    select
        rule_id, count(*) as people,
        count(*) filter (outcome in ('in_time', 'late', 'missed')) as cases,
        count(*) filter (outcome = 'in_time') as in_time, count(*) filter (outcome = 'late') as late,
        count(*) filter (outcome = 'missed') as missed, count(*) filter (outcome = 'undated') as undated,
        count(*) filter (outcome = 'waiting') as waiting,
        median(fewest) filter (fewest = most) as median_days
    from protection_step
    inner join extent
        on protection_step.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where month > $since and month <= $until
    group by rule_id
),
hidden as (
    select *, withheld(people, rule_id, 1, $min_group) as suppressed from counted
)
select
    rule.rule_id, rule.kind as protected_by, rule.stage, rule.days,
    cast(case when not suppressed then cases end as integer) as steps_due,
    cast(case when not suppressed then in_time end as integer) as on_time,
    cast(case when not suppressed then late end as integer) as reached_late,
    cast(case when not suppressed then missed end as integer) as steps_overdue,
    cast(case when not suppressed then undated end as integer) as undated,
    cast(case when not suppressed then waiting end as integer) as not_yet_due,
    case when not suppressed and cases > 0 then in_time / cases::double end as share,
    case when not suppressed then median_days end as median_days,
    suppressed, rule.document, rule.clause, rule.confirmed
from hidden
inner join protection_rule as rule
    on hidden.rule_id = rule.rule_id and rule.valid_from = (
        select max(last.valid_from) from protection_rule as last where last.rule_id = hidden.rule_id and last.valid_from <= $until
    )
order by rule.place
