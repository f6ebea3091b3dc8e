-- makes: Who holds a post that another is filled from, by which rule, and in which months each thing that the rule requires is there if the person stays.
-- reads: standing, member, grounding, promotion_rule
-- scope: unit_no
-- names: name
-- grain: rule_no, person_id, start_month
-- person: person_id
-- columns:
--   rule_no         INTEGER  the dated rule
--   person_id       VARCHAR  who
--   name            VARCHAR  name
--   sex             VARCHAR  male or female
--   birth           INTEGER  birth date as given, YYYYMMDD with zeros for unknown parts
--   birth_month     INTEGER  month of birth, YYYYMM; January where only the year is known
--   outside_party   BOOLEAN  outside the Party; null where it is not known
--   unit_no         INTEGER  where
--   post            VARCHAR  title of the primary post
--   level           VARCHAR  post level
--   start_date      INTEGER  appointed, YYYYMMDD with zeros for unknown parts
--   start_month     INTEGER  first month of the stretch, YYYYMM
--   end_month       INTEGER  first month no longer, YYYYMM; 999912 while open
--   months_before   INTEGER  months in posts that the rule names before the stretch
--   work_month      INTEGER  month the person began work, YYYYMM; null where unknown
--   served_month    INTEGER  month the months required in such posts are full, YYYYMM; null where none are required
--   worked_month    INTEGER  month those since beginning work are full, YYYYMM; null where none are required or the beginning is unknown
--   grounded_month  INTEGER  month those at the grass roots are full, YYYYMM, the first of the stretch where they were before it; null where none are required or staying does not reach them
--   ready_month     INTEGER  month all that is required is there, YYYYMM, the first of the stretch where nothing is; null where something is unknown or not reached
--   leaves_month    INTEGER  month of retirement or of the age line of the present post, the earlier, YYYYMM; 999912 where none is known
with kind as (
    select distinct body, role, coalesce(level, 'none') as level_key from standing where is_primary
),
fit as (
    select kind.*, rule.rule_no, rule.months, rule.work_months, rule.ground_no
    from kind
    inner join promotion_rule as rule
        on (rule.from_bodies is null or '|' || rule.from_bodies || '|' like '%|' || kind.body || '|%')
        and '|' || rule.from_roles || '|' like '%|' || kind.role || '|%'
        and (rule.from_levels is null or '|' || rule.from_levels || '|' like '%|' || kind.level_key || '|%')
),
served as (
    select
        standing.*, fit.rule_no, fit.months, fit.work_months, fit.ground_no,
        cast(coalesce(sum(months_between(standing.start_month, standing.end_month)) over (
            partition by fit.rule_no, standing.person_id order by standing.start_month
            rows between unbounded preceding and 1 preceding
        ), 0) as integer) as months_served
    from standing
    inner join fit
        on standing.body = fit.body
        and standing.role = fit.role
        and coalesce(standing.level, 'none') = fit.level_key
    where standing.is_primary
),
stretch as (
    select
        served.*, member.work_month, ground.reach_month as grounded_month,
        greatest(served.start_month, coalesce(ground.start_month, served.start_month)) as from_month,
        least(served.end_month, coalesce(ground.end_month, served.end_month)) as to_month
    from served
    inner join member on served.person_id = member.person_id
    left join grounding as ground
        on served.ground_no = ground.rule_no
        and served.person_id = ground.person_id
        and ground.start_month < served.end_month
        and ground.end_month > served.start_month
),
required as (
    select
        *,
        months_served + months_between(start_month, from_month) as months_before,
        max(case when months_served < months then add_months(start_month, months - months_served) end) over (
            partition by rule_no, person_id order by from_month rows between unbounded preceding and current row
        ) as served_month,
        add_months(work_month, work_months) as worked_month
    from stretch
)
select
    rule_no, person_id, name, sex, birth, birth_month, outside_party, unit_no, post, level, start_date,
    from_month as start_month, to_month as end_month,
    cast(months_before as integer) as months_before, work_month, served_month, worked_month, grounded_month,
    case
        when work_months is not null and worked_month is null then null
        when ground_no is not null and grounded_month is null then null
        else coalesce(greatest(served_month, worked_month, grounded_month), from_month)
    end as ready_month,
    least(coalesce(statutory_month, 999912), coalesce(post_line_month, 999912)) as leaves_month
from required
order by rule_no, unit_no, from_month
