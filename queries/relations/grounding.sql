-- makes: The grass-roots months of everyone in a leading primary post, stretch by stretch: those brought along, and whether more are added.
-- reads: standing, rotation_rule
-- scope: unit_no
-- names: name
-- grain: rule_no, person_id, start_month
-- person: person_id
-- columns:
--   rule_no        INTEGER  the dated rule that says what the grass roots are and how many months are expected
--   person_id      VARCHAR  who
--   name           VARCHAR  name
--   unit_no        INTEGER  where
--   body           VARCHAR  kind of body
--   level          VARCHAR  post level
--   start_month    INTEGER  first month of the stretch, YYYYMM
--   end_month      INTEGER  first month no longer, YYYYMM; 999912 while open
--   months_before  INTEGER  grass-roots months before the stretch, those of posts held at once counted once
--   at_grassroots  BOOLEAN  every month of the stretch adds one
--   reach_month    INTEGER  first month with as many as expected, YYYYMM; null where the stretch does not reach them
with leader as (
    select person_id, name, unit_no, body, level, start_month, end_month
    from standing
    where is_primary and role <> 'other'
),
event as (
    select rule.rule_no, standing.person_id, standing.start_month as month, 1 as posts
    from standing
    inner join rotation_rule as rule
        on rule.basis = 'grassroots' and '|' || rule.bodies || '|' like '%|' || standing.body || '|%'
    where standing.person_id in (select person_id from leader)
    union all
    select rule.rule_no, standing.person_id, standing.end_month, -1
    from standing
    inner join rotation_rule as rule
        on rule.basis = 'grassroots' and '|' || rule.bodies || '|' like '%|' || standing.body || '|%'
    where standing.person_id in (select person_id from leader)
    union all
    select rule.rule_no, leader.person_id, leader.start_month, 0
    from leader
    inner join rotation_rule as rule on rule.basis = 'grassroots'
    union all
    select rule.rule_no, leader.person_id, leader.end_month, 0
    from leader
    inner join rotation_rule as rule on rule.basis = 'grassroots'
),
monthly as (
    select rule_no, person_id, month, sum(posts) as posts from event group by rule_no, person_id, month
),
stretch as (
    select
        rule_no, person_id, month as start_month,
        lead(month) over (partition by rule_no, person_id order by month) as end_month,
        sum(posts) over (
            partition by rule_no, person_id order by month rows between unbounded preceding and current row
        ) > 0 as at_grassroots
    from monthly
),
served as (
    select
        *,
        cast(coalesce(sum(case when at_grassroots then months_between(start_month, end_month) else 0 end) over (
            partition by rule_no, person_id order by start_month
            rows between unbounded preceding and 1 preceding
        ), 0) as integer) as months_before
    from stretch
)
select
    served.rule_no, served.person_id, leader.name, leader.unit_no, leader.body, leader.level,
    served.start_month, served.end_month, served.months_before, served.at_grassroots,
    case
        when served.months_before >= rule.months then served.start_month
        when served.at_grassroots then add_months(served.start_month, rule.months - served.months_before)
    end as reach_month
from served
inner join leader
    on served.person_id = leader.person_id
    and served.start_month >= leader.start_month
    and served.end_month <= leader.end_month
inner join rotation_rule as rule on served.rule_no = rule.rule_no
order by leader.unit_no, served.start_month
