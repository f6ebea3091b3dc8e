-- asks: How many of those in leading posts have the grass-roots years that promotion expects, by kind of unit and level?
-- reads: grounding, rotation_rule, extent
-- takes: as_of, unit?, body?, level?
-- grain: rule_id, body, level
-- columns:
--   rule_id       VARCHAR  the rule that says how many months are expected
--   body          VARCHAR  kind of body
--   level         VARCHAR  post level
--   people        INTEGER  people in leading posts, by primary post
--   reached       INTEGER  of these, people with the months expected
--   share         DOUBLE   reached over people
--   median_years  DOUBLE   median of the grass-roots years, as far as postings are known
--   months        INTEGER  months expected
--   document      VARCHAR  source
--   clause        VARCHAR  clause of the source
--   confirmed     VARCHAR  who stands behind it
select
    rule.rule_id, held.body, held.level,
    cast(count(*) as integer) as people,
    cast(count(*) filter (held.reach_month <= $as_of) as integer) as reached,
    count(*) filter (held.reach_month <= $as_of) / count(*) as share,
    median(held.months_before + case when held.at_grassroots then months_between(held.start_month, $as_of) else 0 end) / 12
        as median_years,
    rule.months, rule.document, rule.clause, rule.confirmed
from grounding as held
inner join rotation_rule as rule
    on held.rule_no = rule.rule_no
    and rule.valid_from <= $as_of and (rule.valid_to is null or rule.valid_to > $as_of)
inner join extent on held.unit_no between extent.first_no and extent.last_no
where extent.unit_id = coalesce($unit, '*')
    and held.start_month <= $as_of and held.end_month > $as_of
    and ($body is null or held.body = $body)
    and ($level is null or held.level = $level)
group by all
order by held.body, held.level
