-- makes: The four sources of a team or a person on one scale: standard deviations from the mean of class and year.
-- reads: assessed, assessment_place
-- scope: unit_no
-- names: name
-- grain: year, category, unit_no, person_id
-- columns:
--   year        INTEGER  year assessed
--   category    VARCHAR  team, chief, deputy or dispatched
--   unit_no     INTEGER  which unit
--   peer_group  VARCHAR  assessment group
--   person_id   VARCHAR  who; null for a team
--   name        VARCHAR  name
--   democratic  DOUBLE   democratic appraisal, standard deviations from the mean
--   leader      DOUBLE   leaders' evaluation
--   panel       DOUBLE   assessment panel
--   results     DOUBLE   results
--   gap         DOUBLE   the highest less the lowest of the four; null where they cannot be compared
with subject as (
    select
        year, 'team' as category, unit_no, peer_group, cast(null as string) as person_id, cast(null as string) as name,
        cast(democratic as double) as democratic, cast(leader as double) as leader,
        cast(panel as double) as panel, cast(results as double) as results
    from assessment_place
    union all
    select
        year, category, unit_no, peer_group, person_id, name,
        cast(democratic as double), cast(leader as double),
        cast(panel as double), cast(results as double)
    from assessed
    where is_annual and takes_part and category is not null
),
scale as (
    select
        year, category,
        avg(democratic) as democratic_mean, nullif(stddev_samp(democratic), 0) as democratic_sd,
        avg(leader) as leader_mean, nullif(stddev_samp(leader), 0) as leader_sd,
        avg(panel) as panel_mean, nullif(stddev_samp(panel), 0) as panel_sd,
        avg(results) as results_mean, nullif(stddev_samp(results), 0) as results_sd
    from subject
    where democratic is not null and leader is not null and panel is not null and results is not null
    group by year, category
),
placed as (
    select
        subject.year, subject.category, subject.unit_no, subject.peer_group, subject.person_id, subject.name,
        (subject.democratic - scale.democratic_mean) / scale.democratic_sd as democratic,
        (subject.leader - scale.leader_mean) / scale.leader_sd as leader,
        (subject.panel - scale.panel_mean) / scale.panel_sd as panel,
        (subject.results - scale.results_mean) / scale.results_sd as results
    from subject
    inner join scale on subject.year = scale.year and subject.category = scale.category
    where subject.democratic is not null and subject.leader is not null
        and subject.panel is not null and subject.results is not null
)
select
    year, category, unit_no, peer_group, person_id, name, democratic, leader, panel, results,
    case when democratic is not null and leader is not null and panel is not null and results is not null
        then greatest(democratic, leader, panel, results) - least(democratic, leader, panel, results) end as gap
from placed
order by year, category, unit_no
