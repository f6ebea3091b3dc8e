-- makes: For every spell in a leading primary post, the grass-roots months brought along and the month they reach what is expected.
-- reads: standing, rotation_rule
-- scope: unit_no
-- names: name
-- grain: rule_no, person_id, start_month
-- columns:
--   rule_no        INTEGER  the dated rule that says what the grass roots are and how many months are expected
--   person_id      VARCHAR  who
--   name           VARCHAR  name
--   unit_no        INTEGER  where
--   body           VARCHAR  kind of body
--   role           VARCHAR  role in the team
--   level          VARCHAR  post level
--   start_month    INTEGER  first month of the spell, YYYYMM
--   end_month      INTEGER  first month no longer, YYYYMM; 999912 while open
--   months_before  INTEGER  grass-roots months before the spell
--   at_grassroots  BOOLEAN  the spell itself adds months
--   reach_month    INTEGER  first month with as many months as expected, YYYYMM; null where the spell does not reach them
with spell as (
    select
        standing.person_id, standing.name, standing.unit_no, standing.body, standing.role, standing.level,
        standing.start_month, standing.end_month,
        rule.rule_no, rule.months,
        '|' || rule.bodies || '|' like '%|' || standing.body || '|%' as at_grassroots
    from standing
    inner join rotation_rule as rule on rule.basis = 'grassroots'
    where standing.is_primary
),
served as (
    select
        *,
        cast(coalesce(sum(case when at_grassroots then months_between(start_month, end_month) else 0 end) over (
            partition by rule_no, person_id order by start_month
            rows between unbounded preceding and 1 preceding
        ), 0) as integer) as months_before
    from spell
)
select
    rule_no, person_id, name, unit_no, body, role, level, start_month, end_month, months_before, at_grassroots,
    case
        when months_before >= months then start_month
        when at_grassroots then add_months(start_month, months - months_before)
    end as reach_month
from served
where role <> 'other'
order by unit_no, start_month
