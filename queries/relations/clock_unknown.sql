-- makes: Posts of which it is not known whether a clock of rotation runs in them: the place of growth or the level is not known.
-- reads: standing, member, rotation_rule
-- scope: unit_no
-- grain: rule_no, person_id, unit_no, post, start_date, start_month
-- person: person_id
-- columns:
--   rule_no      INTEGER  the dated rule
--   person_id    VARCHAR  who
--   unit_no      INTEGER  where
--   post         VARCHAR  title of the post
--   start_date   INTEGER  appointed, YYYYMMDD with zeros for unknown parts
--   start_month  INTEGER  first month in post, YYYYMM
--   end_month    INTEGER  first month no longer in post, YYYYMM; 999912 while open
select
    rule.rule_no, standing.person_id, standing.unit_no, standing.post, standing.start_date, standing.start_month,
    standing.end_month
from standing
inner join member on standing.person_id = member.person_id
inner join rotation_rule as rule
    on case
        when rule.basis = 'home' then member.growth_place is null
        when rule.basis in ('level', 'place_level') then standing.level is null
        else false
    end
    and (rule.bodies is null or '|' || rule.bodies || '|' like '%|' || standing.body || '|%')
    and (rule.organs is null or '|' || rule.organs || '|' like '%|' || coalesce(standing.organ, 'none') || '|%')
    and (rule.roles is null or '|' || rule.roles || '|' like '%|' || standing.role || '|%')
    and (
        rule.levels is null or standing.level is null
        or '|' || rule.levels || '|' like '%|' || standing.level || '|%'
    )
    and (rule.duties is null or '|' || rule.duties || '|' like '%|' || coalesce(standing.duty, 'none') || '|%')
where standing.is_primary
order by rule.rule_no, standing.unit_no
