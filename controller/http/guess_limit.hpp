// GuessLimit: how often wrong keys and tokens may come from one client network (client_network.hpp). Past
// limits::kGuesses in a minute a secret that is not known to be right is tried only every few seconds, so
// that guessing is slow, and yet somebody behind the same address whose key is new is not locked out. One
// thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace runbook::http {

class GuessLimit {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  explicit GuessLimit(Clock now = std::chrono::steady_clock::now) : now_(std::move(now)) {}

  // More wrong ones came from there within the last minute than may: another is answered 429.
  bool exceeded(const std::string& address);
  // Whether a secret that is not known to be right may be tried now. Past the limit a yes is the only one for
  // a while.
  bool admit(const std::string& address);
  // Notes a wrong one.
  void wrong(const std::string& address);
  // Notes a wrong one that programs send over and over without meaning it (a cookie that expired): `digest`
  // counts once.
  void wrong_once(const std::string& address, const std::string& digest);
  // Until the address is below the limit again, rounded up; at least one second.
  std::chrono::seconds wait(const std::string& address);

 private:
  using Moment = std::chrono::steady_clock::time_point;
  struct Client {
    std::deque<Moment> wrong;       // within the last minute, oldest first, at most limits::kGuesses
    std::vector<std::string> once;  // digests that were counted
    Moment next_try{};              // past the limit
  };
  Client* find(const std::string& address);
  Client* find_or_make(const std::string& address);
  void forget();  // those who are quiet again
  void count(Client& client) const;
  void prune(Client& client) const;

  Clock now_;
  Moment next_forget_{};
  std::unordered_map<std::string, Client> clients_;
};

}  // namespace runbook::http
