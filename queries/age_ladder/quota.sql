-- asks: How far is each target from being met, in whole people: in the month asked for, and at the term change if nobody moves?
-- reads: target_month, age_target, target_status, term_change, extent
-- takes: as_of, unit?
-- grain: target_id
-- columns:
--   target_id        VARCHAR  the target
--   who_en           VARCHAR  whom it is about
--   who_zh           VARCHAR  whom it is about, in Chinese
--   parent_en        VARCHAR  whom the parent target is about; null without one
--   parent_zh        VARCHAR  whom the parent target is about, in Chinese
--   band_en          VARCHAR  the band by name
--   band_zh          VARCHAR  the band by name, in Chinese
--   tier             VARCHAR  whose term change it is measured at
--   body             VARCHAR  kind of body
--   organ            VARCHAR  nature of the organ; null means any
--   roles            VARCHAR  roles counted, joined by |
--   posts            VARCHAR  primary: primary posts only; any: every post
--   kind             VARCHAR  share, per_unit or sub_share
--   value            VARCHAR  what is asked, as a fraction
--   denominator      VARCHAR  what the value is taken of
--   upper_age        INTEGER  completed years the band stays below; null without an age line
--   base             INTEGER  the denominator: people, posts or units
--   needed           INTEGER  people that the target asks for, value times base rounded up
--   have             INTEGER  people who count, no unit above what is asked of it
--   spare            INTEGER  have less needed; below zero people are short
--   status           VARCHAR  met, at_risk or missed
--   term_month       INTEGER  the first term change from the month on, the organ's own where the target names one, YYYYMM; null where none is known
--   needed_at_term   INTEGER  needed in that month by the row then in force; null where nothing is asked then
--   have_at_term     INTEGER  have in that month if nobody moves
--   spare_at_term    INTEGER  spare in that month if nobody moves
--   status_at_term   VARCHAR  status in that month if nobody moves
--   document         VARCHAR  source
--   clause           VARCHAR  clause of the source
--   confirmed        VARCHAR  who stands behind it
with target as (
    select
        age_target.*,
        (
            select min(term_change.month) from term_change
            where term_change.tier = age_target.tier
                and term_change.organ is not distinct from age_target.organ
                and term_change.month >= $as_of
        ) as term_month
    from age_target
    where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
),
moment as (
    select target_id, target_no, $as_of as month, false as at_term from target
    union all
    select target.target_id, age_target.target_no, target.term_month, true
    from target
    inner join age_target
        on target.target_id = age_target.target_id
        and age_target.valid_from <= target.term_month
        and (age_target.valid_to is null or age_target.valid_to > target.term_month)
),
counted as (
    select
        moment.target_no, moment.at_term,
        sum(ledger.base) as base, sum(ledger.have) as have, sum(ledger.asked) as asked
    from moment
    inner join target_month as ledger
        on moment.target_no = ledger.target_no
        and ledger.year = cast(floor(moment.month / 100) as integer)
        and ledger.month <= moment.month
    inner join extent on ledger.unit_no between extent.first_no and extent.last_no
    where extent.unit_id = coalesce($unit, '*')
    group by moment.target_no, moment.at_term
),
ledger as (
    select
        moment.target_id, moment.at_term, moment.month, age_target.kind,
        cast(counted.base as integer) as base,
        cast(ceil(age_target.numerator * counted.base / age_target.divisor) as integer) as needed,
        cast(counted.have as integer) as have
    from moment
    inner join age_target on moment.target_no = age_target.target_no
    inner join counted on moment.target_no = counted.target_no and moment.at_term = counted.at_term
    where counted.base > 0 or counted.asked > 0
),
judged as (
    select ledger.*, ledger.have - ledger.needed as spare, rule.status
    from ledger
    left join target_status as rule
        on rule.kind = ledger.kind
        and ledger.have - ledger.needed between coalesce(rule.spare_from, -1e9) and coalesce(rule.spare_to, 1e9)
        and rule.valid_from <= ledger.month and rule.valid_to > ledger.month
)
select
    target.target_id, target.name_en as who_en, target.name_zh as who_zh,
    parent.name_en as parent_en, parent.name_zh as parent_zh, target.band_en, target.band_zh, target.tier,
    target.body, target.organ, target.roles, target.posts, target.kind, target.value, target.denominator, target.upper_age,
    now.base, now.needed, now.have, now.spare, now.status,
    target.term_month,
    term.needed as needed_at_term, term.have as have_at_term, term.spare as spare_at_term, term.status as status_at_term,
    target.document, target.clause, target.confirmed
from target
inner join judged as now on target.target_id = now.target_id and not now.at_term
left join target as parent on target.parent_id = parent.target_id
left join judged as term on target.target_id = term.target_id and term.at_term
order by target.place
