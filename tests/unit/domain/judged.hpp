// Reading of what judging answered, for the tests of domain/.
#pragma once

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/runbook.hpp"

namespace runbook::domain {

// Ids that count up: 00000000-0000-0000-0000-000000000001, …
inline std::function<Uuid()> counting_ids() {
  return [next = std::uint8_t{0}]() mutable {
    Uuid id;
    id.bytes.back() = ++next;
    return id;
  };
}

inline Result<Runbook> judge(std::string_view json) {
  return judge_runbook(boost::json::parse(json), counting_ids());
}

// "pointer code" of every fault, in order.
template <class T>
std::vector<std::string> faults_of(const Result<T>& result) {
  std::vector<std::string> faults;
  if (result) return faults;
  for (const auto& fault : result.error().faults) faults.push_back(fault.pointer + " " + fault.code);
  return faults;
}

// A runbook of one command block with this config.
inline Result<Runbook> judge_command(const std::string& config) {
  return judge(R"({"title": "t", "blocks": [{"type": "command", "name": "n", "config": )" + config + "}]}");
}

}  // namespace runbook::domain
