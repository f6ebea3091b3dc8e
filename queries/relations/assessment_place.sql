-- makes: Each unit's year: its place in the group, and how far it moved from the year before through renaming and reform.
-- reads: given.unit_assessment, unit, scheme_place, unit_lineage, assessment_rule
-- scope: unit_no
-- grain: unit_no, year
-- columns:
--   unit_no           INTEGER       which unit
--   year              INTEGER       year assessed
--   peer_group        VARCHAR       assessment group
--   democratic        DECIMAL(9,4)  democratic appraisal of the team
--   leader            DECIMAL(9,4)  leaders' evaluation
--   panel             DECIMAL(9,4)  assessment panel
--   results           DECIMAL(9,4)  results
--   stored_total      DECIMAL(9,4)  total as announced
--   total             DECIMAL(9,4)  total by sources and weights; as announced where a source is missing
--   grade             VARCHAR       excellent, good, fair or poor
--   place             INTEGER       place in group and year, 1 is the highest; equal totals share a place
--   units             INTEGER       units that have a total in group and year
--   percentile        DOUBLE        of the other units, the percentage placed below: 100 first, 0 last; null for one alone
--   before_no         INTEGER       the unit compared with a year before: itself, or the one it was renamed from
--   before_place      INTEGER       its place then
--   before_units      INTEGER       units then
--   places            INTEGER       places gained; minus for lost; null where nothing is compared
--   percentile_shift  DOUBLE        percentile points gained; minus for lost
--   reason            VARCHAR       why nothing is compared: no_total, merged, split, first_year, new, gap or group_changed
--   large_rule        VARCHAR       the rule that makes the move a large one; null for a small one
with given_row as (
    select
        unit.unit_no, given.year, given.peer_group, given.democratic, given.leader, given.panel, given.results,
        given.total as stored_total, given.grade, ranked.total, ranked.place, ranked.units,
        case when ranked.units > 1
            then 100.0 * (ranked.units - ranked.place) / (ranked.units - 1) end as percentile,
        min(given.year) over (partition by unit.unit_no) as first_year,
        max(given.year) over (partition by unit.unit_no) as last_year,
        min(given.year) over () as very_first
    from given.unit_assessment as given
    inner join unit on given.unit_id = unit.unit_id
    left join scheme_place as ranked
        on ranked.scheme = 'nominal' and unit.unit_no = ranked.unit_no and given.year = ranked.year
),
renamed as (
    select now.unit_no, now.year, min(before.unit_no) as before_no
    from given_row as now
    inner join unit_lineage as lineage on now.unit_no = lineage.successor_no and lineage.how = 'renamed'
    inner join given_row as before on lineage.predecessor_no = before.unit_no and before.year = now.year - 1
    group by now.unit_no, now.year
),
reform as (
    select lineage.successor_no as unit_no, before.last_year + 1 as year, 'merged' as how
    from unit_lineage as lineage
    inner join given_row as before on lineage.predecessor_no = before.unit_no and before.year = before.last_year
    where lineage.how = 'merged'
    union
    select part.unit_no, after.first_year, 'split'
    from unit_lineage as lineage
    inner join given_row as after on lineage.successor_no = after.unit_no and after.year = after.first_year
    cross join (select 1 as side union all select 2) as both_sides
    inner join given_row as part
        on part.unit_no = case when both_sides.side = 1 then lineage.predecessor_no else lineage.successor_no end
        and part.year = after.first_year
    where lineage.how = 'split'
),
reformed as (
    select unit_no, year, min(how) as how from reform group by unit_no, year
),
compared as (
    select
        now.unit_no, now.year, now.peer_group, now.democratic, now.leader, now.panel, now.results, now.stored_total,
        now.total, now.grade, now.place, now.units, now.percentile,
        before.unit_no as before_no, before.place as before_place, before.units as before_units,
        before.percentile as before_percentile,
        case
            when now.place is null then 'no_total'
            when reformed.how is not null then reformed.how
            when before.unit_no is null and now.year = now.very_first then 'first_year'
            when before.unit_no is null and now.year = now.first_year then 'new'
            when before.unit_no is null then 'gap'
            when before.place is null then 'no_total'
            when before.peer_group <> now.peer_group then 'group_changed'
        end as reason
    from given_row as now
    left join given_row as own on now.unit_no = own.unit_no and own.year = now.year - 1
    left join renamed on now.unit_no = renamed.unit_no and now.year = renamed.year
    left join given_row as before
        on before.unit_no = coalesce(own.unit_no, renamed.before_no) and before.year = now.year - 1
    left join reformed on now.unit_no = reformed.unit_no and now.year = reformed.year
),
shifted as (
    select
        *,
        case when reason is null then before_place - place end as places,
        case when reason is null then round(percentile - before_percentile, 4) end as percentile_shift
    from compared
)
select
    shifted.unit_no, shifted.year, shifted.peer_group,
    shifted.democratic, shifted.leader, shifted.panel, shifted.results, shifted.stored_total, shifted.total,
    shifted.grade, shifted.place, shifted.units, round(shifted.percentile, 4) as percentile,
    shifted.before_no, shifted.before_place, shifted.before_units, shifted.places, shifted.percentile_shift,
    shifted.reason,
    case
        when abs(shifted.places) >= by_place.value then by_place.rule_id
        when abs(shifted.percentile_shift) >= by_percentile.value then by_percentile.rule_id
    end as large_rule
from shifted
left join assessment_rule as by_place
    on by_place.rule_id = 'large_places'
    and by_place.valid_from <= shifted.year * 100 + 12 and by_place.valid_to > shifted.year * 100 + 12
left join assessment_rule as by_percentile
    on by_percentile.rule_id = 'large_percentile'
    and by_percentile.valid_from <= shifted.year * 100 + 12 and by_percentile.valid_to > shifted.year * 100 + 12
order by shifted.year, shifted.peer_group, shifted.place
