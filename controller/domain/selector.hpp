// Kubernetes label selectors (equality, set, existence and integer requirements; all must hold). Pure.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/runbook.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::domain {

class Selector {
 public:
  // "role=web,env in (staging,prod),!retired,tier!=db"; an empty text selects everything. The message of an
  // error names the character, counted from 1.
  static Result<Selector> parse(std::string_view text);
  bool matches(const Labels& labels) const;
  const std::string& text() const { return text_; }  // as it was written
  // [{"key", "op", "values"}], for selector_matches() in SQL (db/migrations/0012_scopes.sql).
  boost::json::array to_json() const;

 private:
  enum class Operator { kIn, kNotIn, kExists, kNotExists, kGreater, kLess };
  struct Requirement {
    std::string key;
    Operator op;
    std::vector<std::string> values;

    bool holds(const Labels& labels) const;
  };
  friend class SelectorParser;
  std::string text_;
  std::vector<Requirement> requirements_;
};

// Kubernetes' rules for label keys and values; an empty answer means valid, else what is wrong.
std::string label_key_fault(std::string_view key);
std::string label_value_fault(std::string_view value);

}  // namespace runbook::domain
