-- makes: The age at which each leading role is left; a row that names organs goes before one that does not.
-- reads: given.retirement, given.unit, given.posting, build
-- scope: everyone
-- grain: role, organ
-- columns:
--   role   VARCHAR  role in the team
--   organ  VARCHAR  nature of the organ, or none
--   age    INTEGER  age at which the post is left, years
with rule as (
    select given.*
    from given.retirement as given
    cross join build
    where given.kind = 'post_line'
        and given.valid_from <= build.data_month
        and (given.valid_to is null or given.valid_to > build.data_month)
),
place as (
    select role.role, organ.organ
    from (select distinct role from given.posting) as role
    cross join (select distinct coalesce(organ, 'none') as organ from given.unit) as organ
),
fit as (
    select
        place.role, place.organ, rule.age,
        row_number() over (
            partition by place.role, place.organ
            order by case when rule.organs is null then 1 else 0 end, rule.rule_id
        ) as choice
    from place
    inner join rule
        on (rule.roles is null or '|' || rule.roles || '|' like '%|' || place.role || '|%')
        and (rule.organs is null or '|' || rule.organs || '|' like '%|' || place.organ || '|%')
)
select role, organ, age from fit where choice = 1
