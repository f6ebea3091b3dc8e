-- asks: How many of those who are to be talked to once a year had been by each month?
-- reads: welfare_month, welfare_rule, welfare_year, month, unit_seen
-- takes: year, min_group, unit?
-- grain: rule_id, month
-- columns:
--   rule_id     VARCHAR  the round of talks
--   who_en      VARCHAR  whom it is about
--   who_zh      VARCHAR  whom it is about, in Chinese
--   month       INTEGER  YYYYMM, up to the data month
--   people      INTEGER  people to be talked to in the year; null where suppressed
--   full_use    INTEGER  of them, people talked to by the end of the month as often as asked; null where suppressed
--   share       DOUBLE   full_use over people; null where suppressed
--   low         DOUBLE   lower end of its 95 % Wilson interval
--   high        DOUBLE   upper end of its 95 % Wilson interval
--   suppressed  BOOLEAN  too few people, or next to too few in a total from which they could be taken away
--   document    VARCHAR  source of the round
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
with top as (
    select unit_no from unit_seen
    where unit_id = $unit
        or ($unit is null and (parent_no is null or parent_no not in (select unit_no from unit_seen)))
),
counted as (
    select rule_id, month, sum(people) as people, sum(full_use) as full_use
    from welfare_month
    inner join top using (unit_no)
    where item = 'talk' and year = $year
    group by rule_id, month
),
dated as (
    select month.month
    from welfare_year
    inner join month on month.month > welfare_year.year * 100 and month.month <= welfare_year.month
    where welfare_year.year = $year
),
running as (
    select counted.rule_id, dated.month, sum(counted.people) as people, sum(counted.full_use) as full_use
    from dated
    inner join counted on counted.month <= dated.month
    group by counted.rule_id, dated.month
),
hidden as (
    select *, min(people) over (partition by month) < $min_group as suppressed from running
)
select
    rule.rule_id, rule.name_en as who_en, rule.name_zh as who_zh, hidden.month,
    cast(case when not suppressed then people end as integer) as people,
    cast(case when not suppressed then full_use end as integer) as full_use,
    case when not suppressed then full_use / people::double end as share,
    case when not suppressed then wilson_low(full_use, people) end as low,
    case when not suppressed then wilson_high(full_use, people) end as high,
    suppressed, rule.document, rule.clause, rule.confirmed
from hidden
inner join welfare_rule as rule
    on hidden.rule_id = rule.rule_id
    and rule.valid_from <= $year * 100 + 12 and (rule.valid_to is null or rule.valid_to > $year * 100 + 12)
order by rule.place, hidden.month
