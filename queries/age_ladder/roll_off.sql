-- asks: Who in post in a month has reached the statutory month or the post age line by another, or can not serve a full term from the next term change?
-- reads: standing, age_target, term_change, retirement_rule, unit, extent
-- takes: as_of, until, target?, level?, sex?, unit?
-- grain: reason, person_id
-- columns:
--   reason     VARCHAR  statutory, post_line or full_term
--   month      INTEGER  month it happens, YYYYMM: retirement, the age line, or the retirement that cuts the term short
--   person_id  VARCHAR  who
--   name       VARCHAR  name
--   sex        VARCHAR  male or female
--   birth      INTEGER  birth date as given, YYYYMMDD with zeros for unknown parts
--   unit_id    VARCHAR  where
--   unit_name  VARCHAR  name of the unit
--   post       VARCHAR  primary post
--   level      VARCHAR  post level
--   document   VARCHAR  source of the rule; null where the month is the one stored in the person's file
--   clause     VARCHAR  clause of the source
--   confirmed  VARCHAR  who stands behind it
with target as (
    select * from age_target
    where target_id = $target and valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
),
body as (
    select distinct body from unit where $target is null
    union
    select body from target
),
next_term as (
    select
        tier.body, term_change.organ, term_change.month,
        term_change.month + 100 * term_change.term_years as full_term,
        term_change.document, term_change.clause, term_change.confirmed
    from (select distinct body, tier from age_target) as tier
    inner join term_change using (tier)
    where term_change.month > $as_of
    qualify row_number() over (
        partition by tier.body, term_change.organ order by term_change.month, term_change.term_years
    ) = 1
),
person as (
    select
        standing.person_id, standing.name, standing.sex, standing.birth, standing.unit_no, standing.post, standing.level,
        standing.statutory_month, standing.post_line_month, standing.statutory_rule_id, standing.post_line_rule_id,
        next_term.month <= $until
            and standing.statutory_month > next_term.month and standing.statutory_month < next_term.full_term as cut_short,
        next_term.document, next_term.clause, next_term.confirmed
    from standing
    inner join body using (body)
    inner join extent on standing.unit_no between extent.first_no and extent.last_no
    left join next_term on standing.body = next_term.body and standing.organ is not distinct from next_term.organ
    where extent.unit_id = coalesce($unit, '*')
        and standing.is_primary
        and standing.role <> 'other'
        and standing.start_month <= $as_of
        and standing.end_month > $as_of
        and (
            standing.statutory_month <= $until
            or standing.post_line_month <= $until
            or standing.statutory_month < next_term.full_term
        )
        and ($level is null or standing.level = $level)
        and ($sex is null or standing.sex = $sex)
        and ($target is null or exists (
            select 1 from target
            where standing.body = target.body
                and (target.organ is null or standing.organ = target.organ)
                and list_contains(string_split(target.roles, '|'), standing.role)
        ))
),
reason as (
    select 'statutory' as reason, person.statutory_month as month, person.*
        replace (rule.document as document, rule.clause as clause, rule.confirmed as confirmed)
    from person
    left join retirement_rule as rule on person.statutory_rule_id = rule.rule_id
    where person.statutory_month <= $until
    union all
    select 'post_line', person.post_line_month, person.*
        replace (rule.document as document, rule.clause as clause, rule.confirmed as confirmed)
    from person
    inner join retirement_rule as rule on person.post_line_rule_id = rule.rule_id
    where person.post_line_month <= $until
    union all
    select 'full_term', statutory_month, * from person where cut_short
)
select
    reason.reason, reason.month, reason.person_id, reason.name, reason.sex, reason.birth,
    unit.unit_id, unit.name as unit_name, reason.post, reason.level,
    reason.document, reason.clause, reason.confirmed
from reason
inner join unit on reason.unit_no = unit.unit_no
order by reason.month, reason.reason, reason.unit_no, reason.person_id
