-- makes: Every assessment of a person with the unit of the year, the score anew, and whether the grade counts.
-- reads: given.assessment, holding, member, unit, assessment_place, assessment_weight, build, given.part
-- scope: unit_no
-- names: name
-- grain: person_id, year, kind, occasion
-- person: person_id
-- columns:
--   person_id     VARCHAR       who
--   name          VARCHAR       name
--   year          INTEGER       year assessed
--   kind          VARCHAR       annual, peacetime, special, term or other
--   occasion      INTEGER       which of its kind in the year
--   is_annual     BOOLEAN       the grade of the year: the last annual assessment
--   unit_no       INTEGER       where: as given, else where the last primary post of the year stands
--   post          VARCHAR       last primary post of the year
--   is_head       BOOLEAN       secretary or principal of that unit by primary post at the end of the year
--   result_no     INTEGER       the unit whose result stands for theirs: their own, for county committees and governments the county
--   peer_group    VARCHAR       assessment group of that unit
--   category      VARCHAR       chief, deputy or dispatched, else by the role of that post; null without a leading post
--   about         VARCHAR       leaders with a category, people without
--   democratic    DECIMAL(9,4)  democratic appraisal
--   leader        DECIMAL(9,4)  leaders' evaluation
--   panel         DECIMAL(9,4)  assessment panel
--   results       DECIMAL(9,4)  results
--   stored_score  DECIMAL(9,4)  score as announced
--   score         DECIMAL(9,4)  score by sources and weights; null where a source is missing
--   grade         VARCHAR       grade, or why there is none
--   takes_part    BOOLEAN       the grade is one of the four and counts in shares
--   rewarded      BOOLEAN       merit third class was given for this year
with reported as (
    select assessment.*
    from given.assessment as assessment
    inner join given.part on assessment.year % part.parts = part.number
),
last_post as (
    select given.person_id, given.year, max(held.start_month) as start_month
    from (select distinct person_id, year from reported) as given
    cross join build
    inner join holding as held
        on given.person_id = held.person_id
        and held.is_primary
        and held.start_month <= least(given.year * 100 + 12, build.data_month)
        and held.end_month > least(given.year * 100 + 1, build.data_month)
    group by given.person_id, given.year
),
placed as (
    select
        given.person_id, member.name, given.year, given.kind, given.occasion,
        unit.unit_no,
        held.post,
        coalesce(
            held.role in ('secretary', 'chief') and coalesce(given.unit_id, held.unit_id) = held.unit_id
                and held.end_month > least(given.year * 100 + 12, build.data_month),
            false
        ) as is_head,
        coalesce(
            given.category,
            case
                when held.role in ('secretary', 'chief') then 'chief'
                when held.role in ('deputy', 'member') then 'deputy'
            end
        ) as category,
        given.democratic, given.leader, given.panel, given.results,
        given.score as stored_score, given.grade, given.rewarded
    from reported as given
    cross join build
    inner join member on given.person_id = member.person_id
    left join last_post on given.person_id = last_post.person_id and given.year = last_post.year
    left join holding as held
        on last_post.person_id = held.person_id and last_post.start_month = held.start_month and held.is_primary
    inner join unit on coalesce(given.unit_id, held.unit_id) = unit.unit_id
),
last_occasion as (
    select person_id, year, max(occasion) as occasion
    from placed
    where kind = 'annual' and occasion > 1
    group by person_id, year
),
county as (
    select unit_no, parent_no as county_no
    from unit
    where body = 'county_leadership' and organ in ('party', 'government')
),
percent as (
    select
        category, valid_from, valid_to,
        sum(case when source = 'democratic' then percent else 0 end) as democratic,
        sum(case when source = 'leader' then percent else 0 end) as leader,
        sum(case when source = 'panel' then percent else 0 end) as panel,
        sum(case when source = 'results' then percent else 0 end) as results
    from assessment_weight
    where scheme = 'nominal'
    group by category, valid_from, valid_to
)
select
    placed.person_id, placed.name, placed.year, placed.kind, placed.occasion,
    placed.kind = 'annual' and placed.occasion = coalesce(last_occasion.occasion, placed.occasion) as is_annual,
    placed.unit_no, placed.post, placed.is_head,
    coalesce(own.unit_no, above.unit_no) as result_no,
    coalesce(own.peer_group, above.peer_group) as peer_group,
    placed.category,
    case when placed.category is null then 'people' else 'leaders' end as about,
    placed.democratic, placed.leader, placed.panel, placed.results, placed.stored_score,
    cast(
        (percent.democratic * placed.democratic + percent.leader * placed.leader
            + percent.panel * placed.panel + percent.results * placed.results) / 100 as decimal(9, 4)
    ) as score,
    placed.grade,
    placed.grade in ('excellent', 'competent', 'basically', 'incompetent') as takes_part,
    coalesce(placed.rewarded, false) as rewarded
from placed
left join last_occasion on placed.person_id = last_occasion.person_id and placed.year = last_occasion.year
left join assessment_place as own on placed.unit_no = own.unit_no and placed.year = own.year
left join county on placed.unit_no = county.unit_no
left join assessment_place as above on county.county_no = above.unit_no and placed.year = above.year
left join percent
    on placed.category = percent.category
    and percent.valid_from <= placed.year * 100 + 12 and percent.valid_to > placed.year * 100 + 12
order by placed.year, placed.unit_no
