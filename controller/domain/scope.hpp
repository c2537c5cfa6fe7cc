// Scopes: which runbooks and hosts a grant of a role is about, and what all grants of a right reach together.
// An execution is reached when its runbook is and every host it has, by some grant about that runbook. Labels
// count as they are now. Plain values; the same rules stand in SQL (db/migrations/0012_scopes.sql), where
// stores ask them.
#pragma once

#include <boost/json.hpp>

#include <optional>
#include <utility>
#include <vector>

#include "controller/domain/runbook.hpp"
#include "controller/domain/selector.hpp"

namespace runbook::domain {

// A limit that is not there: all of them.
struct Scope {
  std::optional<Selector> runbooks = {};
  std::optional<Selector> hosts = {};

  bool unlimited() const { return !runbooks && !hosts; }
};

// Hosts that commands of one execution may run on: those that one of the selectors selects.
class HostScope {
 public:
  static HostScope everything() { return HostScope(std::nullopt); }
  HostScope() : HostScope(std::vector<Selector>{}) {}  // nothing
  explicit HostScope(std::optional<std::vector<Selector>> any_of) : any_of_(std::move(any_of)) {}

  bool contains(const Labels& host) const;
  // For reaches_host_of() in SQL, and as it is stored with an execution: null for everything.
  boost::json::value to_json() const;

 private:
  std::optional<std::vector<Selector>> any_of_;
};

// What a right reaches. Of nobody and by default: nothing.
class Reach {
 public:
  static Reach everything() { return Reach({Scope{}}); }
  Reach() = default;
  explicit Reach(std::vector<Scope> scopes) : scopes_(std::move(scopes)) {}

  bool nothing() const { return scopes_.empty(); }
  bool unlimited() const;
  bool has_runbook(const Labels& runbook) const;
  bool has_host(const Labels& host) const;
  // Where executions of a runbook with these labels may run.
  HostScope hosts_of(const Labels& runbook) const;
  // For reaches_runbook(), reaches_host() and reaches_execution() in SQL: null when nothing is out of reach.
  boost::json::value to_json() const;

 private:
  std::vector<Scope> scopes_;
};

}  // namespace runbook::domain
