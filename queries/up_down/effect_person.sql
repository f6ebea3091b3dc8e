-- asks: Whose measure soon ends, is over and not lifted, or was followed by a move up while it had effect?
-- reads: down_case, effect_rule, unit, extent
-- takes: as_of, min_group, unit?
-- grain: person_id, decided_date, handling
-- columns:
--   person_id     VARCHAR  who; a row about one person is a group of one and shown only where that is allowed
--   name          VARCHAR  name
--   unit_id       VARCHAR  where, before the decision
--   unit_name     VARCHAR  name of the unit
--   post          VARCHAR  primary post before the decision
--   handling      VARCHAR  the measure
--   decided_date  INTEGER  day of the decision, YYYYMMDD with zeros for an unknown day
--   effect_month  INTEGER  first month without effect, YYYYMM
--   state         VARCHAR  ending; kept (over and not lifted); raised (moved up while it had effect)
--   raised_month  INTEGER  month of the move up while it had effect, YYYYMM; null where there was none
--   document      VARCHAR  source of the rule
--   clause        VARCHAR  clause of the source
--   confirmed     VARCHAR  who stands behind it
with told as (
    select
        *,
        case
            when raised_month <= $as_of then 'raised'
            when coalesce(lifted_month, 999912) <= $as_of then 'lifted'
            when effect_month <= $as_of then 'kept'
            when notice_month <= $as_of then 'ending'
            else 'running'
        end as state
    from down_case
    where month <= $as_of and rule_id is not null
)
select
    told.person_id, told.name, unit.unit_id, unit.name as unit_name, told.post, told.way as handling,
    told.decided as decided_date, told.effect_month, told.state,
    case when told.state = 'raised' then told.raised_month end as raised_month, rule.document, rule.clause, rule.confirmed
from told
inner join extent
    on told.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
inner join unit on told.unit_no = unit.unit_no
inner join effect_rule as rule
    on told.rule_id = rule.rule_id
    and rule.valid_from <= told.month and (rule.valid_to is null or rule.valid_to > told.month)
where told.state in ('ending', 'kept', 'raised') and $min_group <= 1
order by told.unit_no, told.effect_month, told.person_id, told.decided, told.way
