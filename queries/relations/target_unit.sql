-- makes: Which units each target is asked of, where their people are counted, and the posts that stand in its denominator.
-- reads: age_target, unit, month
-- scope: everyone
-- grain: target_no, unit_no
-- columns:
--   target_no   INTEGER  the dated target row
--   unit_no     INTEGER  a unit of the body
--   group_no    INTEGER  where it is counted: the unit, or its county
--   from_month  INTEGER  first month the unit is asked, YYYYMM
--   to_month    INTEGER  first month no longer, YYYYMM; 999912 while it stands
--   base        INTEGER  posts the unit adds to a denominator of units or approved posts
with calendar as (
    select min(month) as first_month from month
)
select
    target.target_no,
    unit.unit_no,
    case when target.group_by = 'county' then unit.county_no else unit.unit_no end as group_no,
    greatest(coalesce(unit.valid_from, calendar.first_month), calendar.first_month) as from_month,
    coalesce(unit.valid_to, 999912) as to_month,
    case
        when target.denominator = 'units' then coalesce(target.posts_a_unit, 1)
        when target.roles like '%division_%' then coalesce(unit.approved_divisions, 0)
        else case when target.roles like '%chief%' or target.roles like '%secretary%' then coalesce(unit.approved_chiefs, 0) else 0 end
            + case when target.roles like '%deputy%' then coalesce(unit.approved_deputies, 0) else 0 end
    end as base
from age_target as target
inner join unit on unit.body = target.body and (target.organ is null or unit.organ = target.organ)
cross join calendar
where target.group_by is null or target.group_by <> 'county' or unit.county_no is not null
order by target.target_no, unit.unit_no
