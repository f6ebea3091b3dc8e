-- makes: Every decision by which somebody came down or was held to account, the post it found them in, and how long it has effect.
-- reads: given.step_down, standing, level_move, down_reason, effect_rule, build
-- scope: unit_no
-- names: name
-- grain: person_id, decided, way
-- person: person_id
-- columns:
--   person_id      VARCHAR  who
--   name           VARCHAR  name
--   decided        INTEGER  day of the decision, YYYYMMDD with zeros for an unknown day
--   month          INTEGER  its month, YYYYMM
--   way            VARCHAR  the measure
--   reason         VARCHAR  the reason
--   trigger        VARCHAR  talk that the reason calls for; null for none
--   unit_no        INTEGER  where, in the primary post before the decision
--   body           VARCHAR  kind of body
--   level          VARCHAR  post level
--   post           VARCHAR  title of the post
--   rule_id        VARCHAR  rule that gives the effect, the longest of those that fit; null where none does
--   effect_month   INTEGER  first month without effect, YYYYMM; null where no rule fits
--   notice_month   INTEGER  first month in which the effect counts as ending, YYYYMM
--   lifted_month   INTEGER  month in which it was lifted, YYYYMM; null while it was not
--   raised_month   INTEGER  month of the first move up before the effect was over or lifted, YYYYMM; null where there was none and where no rule fits
--   regained_month  INTEGER  month of the first move up after that, YYYYMM; null where there was none and where no rule fits
with decided as (
    select
        given.person_id, given.date as decided, cast(floor(given.date / 100) as integer) as month, given.way, given.reason,
        case
            when floor(given.lifted / 100) <= build.data_month then cast(floor(given.lifted / 100) as integer)
        end as lifted_month
    from given.step_down as given
    cross join build
    where floor(given.date / 100) <= build.data_month
),
placed as (
    select
        decided.*, standing.name, standing.unit_no, standing.body, standing.level, standing.post,
        row_number() over (
            partition by decided.person_id, decided.decided, decided.way
            order by case when standing.start_month < decided.month then 0 else 1 end, standing.start_month desc
        ) as choice
    from decided
    inner join standing
        on decided.person_id = standing.person_id and standing.is_primary and standing.start_month <= decided.month
),
ruled as (
    select
        placed.*, rule.rule_id, rule.months, rule.notice_months,
        row_number() over (
            partition by placed.person_id, placed.decided, placed.way order by rule.months desc, rule.place
        ) as longest
    from placed
    left join effect_rule as rule
        on '|' || rule.ways || '|' like '%|' || placed.way || '|%'
        and (rule.reasons is null or '|' || rule.reasons || '|' like '%|' || placed.reason || '|%')
        and rule.valid_from <= placed.month and (rule.valid_to is null or rule.valid_to > placed.month)
    where placed.choice = 1
),
effective as (
    select
        ruled.*, add_months(month, months) as effect_month, add_months(month, months - notice_months) as notice_month,
        least(add_months(month, months), coalesce(lifted_month, 999912)) as over_month
    from ruled
    where longest = 1
),
raised as (
    select
        effective.person_id, effective.decided, effective.way,
        min(case when level_move.month < effective.over_month then level_move.month end) as raised_month,
        min(case when level_move.month >= effective.over_month then level_move.month end) as regained_month
    from effective
    inner join level_move
        on effective.person_id = level_move.person_id and level_move.direction = 'up'
        and level_move.month > effective.month
    where effective.rule_id is not null
    group by effective.person_id, effective.decided, effective.way
)
select
    effective.person_id, effective.name, effective.decided, effective.month, effective.way, effective.reason,
    down_reason.trigger, effective.unit_no, effective.body, effective.level, effective.post, effective.rule_id,
    effective.effect_month, effective.notice_month, effective.lifted_month, raised.raised_month, raised.regained_month
from effective
left join down_reason
    on effective.reason = down_reason.reason and down_reason.valid_from <= effective.month
    and (down_reason.valid_to is null or down_reason.valid_to > effective.month)
left join raised
    on effective.person_id = raised.person_id and effective.decided = raised.decided and effective.way = raised.way
order by effective.month, effective.unit_no, effective.person_id
