// TwoTeamsTest: two teams whose objects do not touch, and some that do; and keys that are limited to the
// first team. Whatever is the other team's carries a canary in every text that it can.
#pragma once

#include <boost/json.hpp>

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/auth/rights.hpp"
#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {

inline constexpr std::string_view kOwnMark = "egret-4d17";
inline constexpr std::string_view kCanary = "canary-9c3e";

// How a key is limited.
enum class Limit { kNone, kRunbooks, kHosts, kBoth };
inline constexpr std::array kLimits{Limit::kRunbooks, Limit::kHosts, Limit::kBoth};
std::string_view to_string(Limit limit);

class TwoTeamsTest : public ApiTest {
 protected:
  // An execution of a command on a host, which waits to be approved; and an API step before it.
  struct Run {
    Uuid execution;
    Uuid step;     // the command's
    Uuid request;  // the API step
    Uuid attempt;
  };
  struct Team {
    std::string mark;  // in every text
    std::string word;  // value of its labels
    Uuid runbook;
    Uuid version;  // the first of two
    Uuid agent;
    std::string host;
    Run run;
  };

  TwoTeamsTest();

  // By a key that has one role, limited to the first team's labels. Made once; its owner is named so.
  Reply with(auth::Role role, Limit limit, Ask ask);
  const std::string& limited_key(auth::Role role, Limit limit);
  static boost::json::value grant(auth::Role role, Limit limit);

  using Hosts = std::vector<std::pair<Uuid, std::string>>;  // agents and their names
  Team make_team(std::string_view mark, const std::string& word);
  // Of the team's runbook on `hosts`; what it prints and asks says `mark`.
  Run make_run(const Team& team, std::string_view mark, const Hosts& hosts);

  Team own_;
  Team other_;
  Run on_other_host_;  // the first team's runbook on the other's host
  Run of_other_;       // the other's runbook on the first team's host
  Run on_both_;        // the first team's runbook on the hosts of both
  Run on_unknown_;     // the first team's runbook, whose command has no hosts yet

 private:
  void print(const Run& run, std::string_view mark);
  std::map<std::pair<auth::Role, Limit>, std::string> keys_;
};

}  // namespace runbook::api
