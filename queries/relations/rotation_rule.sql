-- makes: The rules of rotation, each dated row with what it counts, whom it is asked of, and its clause.
-- reads: given.rotation_rule
-- scope: everyone
-- grain: rule_no
-- columns:
--   rule_no        INTEGER  number of the dated row
--   rule_id        VARCHAR  the rule
--   place          INTEGER  place in the list
--   name_en        VARCHAR  its name
--   name_zh        VARCHAR  its name in Chinese
--   basis          VARCHAR  what is counted: post, duty, place_level, level, home, secondment, grassroots or return
--   force          VARCHAR  must, should, in_principle, no_renomination, avoid, ends, remind or expected
--   months         INTEGER  months after which the clock has run out; null where a programme says them
--   below_months   INTEGER  months from which a reminder no longer holds; null means never
--   terms          INTEGER  terms after which it has run out; null where months alone decide
--   term_months    INTEGER  months of a term in post from which it counts as one
--   tier           VARCHAR  whose terms
--   gap_months     INTEGER  longest gap that does not reset the clock; null means that no gap does
--   notice_months  INTEGER  months before its end in which the clock is about to run out
--   bodies         VARCHAR  kinds of body it is asked of, joined by |; null means any
--   organs         VARCHAR  organs, joined by |; null means any
--   roles          VARCHAR  roles, joined by |; null means any
--   levels         VARCHAR  post levels, joined by |; null means any
--   duties         VARCHAR  duties, joined by |; null means any
--   document       VARCHAR  source
--   clause         VARCHAR  clause of the source
--   confirmed      VARCHAR  who stands behind it
--   valid_from     INTEGER  first month it holds, YYYYMM
--   valid_to       INTEGER  first month it no longer holds, YYYYMM; null means still in force
select
    cast(row_number() over (order by place, rule_id, valid_from) as integer) as rule_no,
    rule_id, place, name_en, name_zh, basis, force, months, below_months, terms, term_months, tier,
    gap_months, coalesce(notice_months, 0) as notice_months,
    bodies, organs, roles, levels, duties, document, clause, confirmed, valid_from, valid_to
from given.rotation_rule
