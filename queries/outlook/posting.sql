-- asks: Who has held which post since when, with the months that rules set, as rates of leaving and coming are learnt from?
-- reads: standing, unit, extent
-- takes: unit?
-- grain: person_id, unit_id, post, start_date, start_month
-- columns:
--   person_id        VARCHAR  who
--   unit_id          VARCHAR  where
--   unit_no          INTEGER  place of the unit in the tree
--   county_no        INTEGER  unit_no of the county the unit is or lies in; null outside counties
--   unit_kind        VARCHAR  kind of body and nature of the organ; where the body says nothing, the unit at the top
--   body             VARCHAR  kind of body
--   organ            VARCHAR  nature of the organ
--   post             VARCHAR  title of the post
--   role             VARCHAR  role in the team
--   level            VARCHAR  post level
--   is_primary       BOOLEAN  the person's primary post
--   leads            BOOLEAN  a leading post
--   sex              VARCHAR  male or female
--   outside_party    BOOLEAN  outside the Party; null where it is not known
--   birth_month      INTEGER  month of birth, YYYYMM; January where only the year is known, null where nothing is
--   start_date       INTEGER  appointed, YYYYMMDD with zeros for unknown parts
--   start_month      INTEGER  first month in post, YYYYMM
--   end_month        INTEGER  first month no longer in post, YYYYMM; 999912 while open
--   statutory_month  INTEGER  statutory month of retirement, YYYYMM; null where neither file nor rule tells
--   early_month      INTEGER  first month from which the person may retire early, YYYYMM; null where no rule tells
--   post_line_month  INTEGER  month the person reaches the post age line, YYYYMM; null without a line
with top as (
    select unit_no, last_no, unit_id from unit where parent_no is null
)
select
    standing.person_id, unit.unit_id, unit.unit_no, unit.county_no,
    case
        when unit.body = 'other' then coalesce(top.unit_id, unit.unit_id)
        else concat_ws('|', unit.body, unit.organ)
    end as unit_kind,
    unit.body, unit.organ, standing.post, standing.role, standing.level, standing.is_primary,
    standing.role <> 'other' as leads, standing.sex, standing.outside_party, standing.birth_month,
    standing.start_date, standing.start_month, standing.end_month, standing.statutory_month, standing.early_month,
    standing.post_line_month
from standing
inner join unit on standing.unit_no = unit.unit_no
inner join extent on standing.unit_no between extent.first_no and extent.last_no
left join top on unit.unit_no between top.unit_no and top.last_no
where extent.unit_id = coalesce($unit, '*')
order by standing.person_id, standing.start_month, unit.unit_no, standing.post
