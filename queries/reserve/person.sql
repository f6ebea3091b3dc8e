-- asks: Who is in the reserve, and which of what is required is there in which month?
-- reads: reserve_spell, reserve_kind, reserve_past, reserve_experience, promotion_rule, qualification, unit, term_change, extent
-- takes: as_of, until?, reserve?, unit?
-- grain: reserve, person_id
-- columns:
--   reserve        VARCHAR  what the person is kept for
--   person_id      VARCHAR  who
--   name           VARCHAR  name
--   sex            VARCHAR  male or female
--   birth          INTEGER  birth date as given, YYYYMMDD with zeros for unknown parts
--   unit_id        VARCHAR  where
--   unit_name      VARCHAR  name of the unit
--   post           VARCHAR  primary post
--   level          VARCHAR  post level; null where unknown
--   entered_month  INTEGER  month the stay in the reserve began, YYYYMM
--   line_month     INTEGER  month the person passes the age line of the kind, YYYYMM; null where the birth is unknown
--   ready_month    INTEGER  month all that a rule of promotion requires is there, YYYYMM; null where something is unknown or not reached, or no rule names the post
--   experience_en  VARCHAR  experience that is there, by its names, joined by ; null means none
--   experience_zh  VARCHAR  the same in Chinese
--   state          VARCHAR  holds (such a post already), over_line (of the age at the date), leaving (by the date), ready or not_ready
--   date_month     INTEGER  the date: the one given, else the first term change of the tier, YYYYMM
--   document       VARCHAR  source of the kind
--   clause         VARCHAR  clause of the source
--   confirmed      VARCHAR  who stands behind it
with dated as (
    select
        reserve_kind.*,
        coalesce($until, (
            select min(term.month) from term_change as term
            where term.tier = reserve_kind.tier and term.organ is null and term.month >= $as_of
        )) as date_month
    from reserve_kind
    where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
),
kept as (
    select
        dated.place, dated.bodies, dated.roles, dated.date_month, dated.document, dated.clause, dated.confirmed,
        spell.*, spell.birth_month + 100 * dated.upper_age as line_month, min(held.ready_month) as ready_month
    from dated
    inner join reserve_spell as spell
        on dated.reserve = spell.reserve and spell.start_month <= $as_of and spell.end_month > $as_of
    inner join extent
        on spell.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    left join promotion_rule as rule
        on list_has_any(string_split(rule.bodies, '|'), string_split(dated.bodies, '|'))
        and list_has_any(string_split(rule.roles, '|'), string_split(dated.roles, '|'))
        and rule.valid_from <= dated.date_month and rule.valid_to > dated.date_month
    left join qualification as held
        on rule.rule_no = held.rule_no and spell.person_id = held.person_id
        and held.start_month <= $as_of and held.end_month > $as_of
    where dated.date_month is not null and dated.reserve = coalesce($reserve, dated.reserve)
    group by all
),
had as (
    select
        past.reserve, past.person_id, past.start_month,
        string_agg(rule.name_en, '; ' order by rule.place) as experience_en,
        string_agg(rule.name_zh, '；' order by rule.place) as experience_zh
    from reserve_past as past
    inner join reserve_experience as rule using (rule_no)
    where past.have_month <= $as_of
        and rule.valid_from <= $as_of and (rule.valid_to is null or rule.valid_to > $as_of)
    group by past.reserve, past.person_id, past.start_month
)
select
    kept.reserve, kept.person_id, kept.name, kept.sex, kept.birth, unit.unit_id, unit.name as unit_name, kept.post,
    kept.level, kept.since_month as entered_month, kept.line_month, kept.ready_month, had.experience_en, had.experience_zh,
    case
        when list_contains(string_split(kept.bodies, '|'), kept.body)
            and list_contains(string_split(kept.roles, '|'), kept.role) then 'holds'
        when not coalesce(kept.line_month > kept.date_month, false) then 'over_line'
        when kept.leaves_month <= kept.date_month then 'leaving'
        when kept.ready_month <= kept.date_month then 'ready'
        else 'not_ready'
    end as state,
    kept.date_month, kept.document, kept.clause, kept.confirmed
from kept
inner join unit on kept.unit_no = unit.unit_no
left join had
    on kept.reserve = had.reserve and kept.person_id = had.person_id and kept.start_month = had.start_month
order by kept.place, kept.unit_no, kept.person_id
