-- makes: Each unit's total and place inside its assessment group, under the nominal weights and under others.
-- reads: given.unit_assessment, unit, assessment_weight
-- scope: unit_no
-- grain: scheme, year, unit_no
-- columns:
--   scheme      VARCHAR       weights used: nominal, or one to compare with
--   year        INTEGER       year assessed
--   unit_no     INTEGER       which unit
--   peer_group  VARCHAR       assessment group
--   total       DECIMAL(9,4)  sources times weights; the announced total where a source is missing
--   place       INTEGER       place in group and year, 1 is the highest; equal totals share a place
--   units       INTEGER       units that have a total in group and year
with source as (
    select
        unit.unit_no, given.year, given.peer_group, given.total,
        given.democratic, given.leader, given.panel, given.results
    from given.unit_assessment as given
    inner join unit on given.unit_id = unit.unit_id
),
weighed as (
    select
        weight.scheme, source.year, source.unit_no, source.peer_group,
        cast(
            sum(weight.percent * case weight.source
                when 'democratic' then source.democratic when 'leader' then source.leader
                when 'panel' then source.panel when 'results' then source.results end) / 100 as decimal(9, 4)
        ) as total
    from source
    inner join assessment_weight as weight
        on weight.category = 'team'
        and weight.valid_from <= source.year * 100 + 12
        and weight.valid_to > source.year * 100 + 12
    where source.democratic is not null and source.leader is not null
        and source.panel is not null and source.results is not null
    group by weight.scheme, source.year, source.unit_no, source.peer_group
),
scheme as (
    select distinct weight.scheme, source.year
    from (select distinct year from source) as source
    inner join assessment_weight as weight
        on weight.category = 'team'
        and weight.valid_from <= source.year * 100 + 12
        and weight.valid_to > source.year * 100 + 12
    union
    select 'nominal', year from source
),
scored as (
    select
        scheme.scheme, source.year, source.unit_no, source.peer_group, coalesce(weighed.total, source.total) as total
    from source
    inner join scheme on source.year = scheme.year
    left join weighed
        on scheme.scheme = weighed.scheme and source.year = weighed.year and source.unit_no = weighed.unit_no
    where coalesce(weighed.total, source.total) is not null
)
select
    scheme, year, unit_no, peer_group, total,
    cast(rank() over (partition by scheme, year, peer_group order by total desc) as integer) as place,
    cast(count(*) over (partition by scheme, year, peer_group) as integer) as units
from scored
order by year, scheme, peer_group, place
