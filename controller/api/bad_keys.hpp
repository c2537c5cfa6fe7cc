// BadKeys: how many bad keys of an address the audit trail is told of. Anybody may present one, and each
// costs a commit that all changes wait for: a flood is told of by its number. On the controller's I/O thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace runbook::api {

class BadKeys {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  explicit BadKeys(Clock now = std::chrono::steady_clock::now) : now_(std::move(now)) {}

  // Notes one. Nothing: not to be told of; else how many were not, of this address, since the last that was.
  std::optional<std::size_t> count(const std::string& address);

 private:
  struct Address {
    std::chrono::steady_clock::time_point since;
    std::size_t told = 0;
    std::size_t untold = 0;
  };
  void forget(std::chrono::steady_clock::time_point now);

  Clock now_;
  std::map<std::string, Address> addresses_;
};

}  // namespace runbook::api
