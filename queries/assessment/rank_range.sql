-- asks: How far does a unit's place hang on the weights of the four sources?
-- reads: scheme_place, assessment_place, unit, extent
-- takes: year, group?, unit?
-- grain: unit_id
-- columns:
--   peer_group     VARCHAR       assessment group
--   unit_id        VARCHAR       the unit
--   unit_name      VARCHAR       name of the unit
--   democratic     DECIMAL(9,4)  democratic appraisal of the team
--   leader         DECIMAL(9,4)  leaders' evaluation
--   panel          DECIMAL(9,4)  assessment panel
--   results        DECIMAL(9,4)  results
--   now_place      INTEGER       place under the nominal weights
--   best_place     INTEGER       highest place under any scheme
--   best_scheme    VARCHAR       the scheme that gives it
--   worst_place    INTEGER       lowest place under any scheme
--   worst_scheme   VARCHAR       the scheme that gives it
--   schemes        INTEGER       schemes under which the unit can be placed
with ordered as (
    select
        *,
        row_number() over (partition by unit_no order by place, scheme <> 'nominal', scheme) as from_best,
        row_number() over (partition by unit_no order by place desc, scheme <> 'nominal', scheme) as from_worst
    from scheme_place
    where year = $year
),
reach as (
    select
        unit_no,
        max(case when scheme = 'nominal' then place end) as place,
        min(place) as best_place, max(case when from_best = 1 then scheme end) as best_scheme,
        max(place) as worst_place, max(case when from_worst = 1 then scheme end) as worst_scheme,
        cast(count(*) as integer) as schemes
    from ordered
    group by unit_no
)
select
    ranked.peer_group, unit.unit_id, unit.name as unit_name,
    ranked.democratic, ranked.leader, ranked.panel, ranked.results,
    reach.place as now_place, reach.best_place, reach.best_scheme, reach.worst_place, reach.worst_scheme, reach.schemes
from reach
inner join assessment_place as ranked on reach.unit_no = ranked.unit_no and ranked.year = $year
inner join extent
    on ranked.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
inner join unit on ranked.unit_no = unit.unit_no
where $group is null or ranked.peer_group = $group
order by ranked.peer_group, reach.place, ranked.unit_no
