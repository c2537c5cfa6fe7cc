#include "controller/http/guess_limit.hpp"

#include <algorithm>

#include "controller/http/client_network.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::http {
namespace {

constexpr std::chrono::minutes kWindow{1};
constexpr std::chrono::seconds kTryEvery{2};     // past the limit
constexpr std::chrono::seconds kForgetEvery{1};  // looking through all of them is work too

}  // namespace

bool GuessLimit::exceeded(const std::string& address) {
  const auto* client = find(address);
  return client != nullptr && client->wrong.size() >= limits::kGuesses;
}

bool GuessLimit::admit(const std::string& address) {
  auto* client = find(address);
  if (client == nullptr || client->wrong.size() < limits::kGuesses) return true;
  const auto now = now_();
  if (now < client->next_try) return false;
  client->next_try = now + kTryEvery;
  return true;
}

void GuessLimit::wrong(const std::string& address) {
  auto* client = find_or_make(address);
  if (client != nullptr) count(*client);
}

void GuessLimit::wrong_once(const std::string& address, const std::string& digest) {
  auto* client = find_or_make(address);
  if (client == nullptr || std::ranges::find(client->once, digest) != client->once.end()) return;
  if (client->once.size() == limits::kGuesses) client->once.erase(client->once.begin());
  client->once.push_back(digest);
  count(*client);
}

std::chrono::seconds GuessLimit::wait(const std::string& address) {
  using std::chrono::seconds;
  const auto* client = find(address);
  if (client == nullptr || client->wrong.size() < limits::kGuesses) return seconds{1};
  const auto left = std::chrono::ceil<seconds>(client->wrong.front() + kWindow - now_());
  return std::max(left, seconds{1});
}

GuessLimit::Client* GuessLimit::find(const std::string& address) {
  const auto found = clients_.find(client_network(address));
  if (found == clients_.end()) return nullptr;
  prune(found->second);
  if (!found->second.wrong.empty()) return &found->second;
  clients_.erase(found);
  return nullptr;
}

// Nothing when too many networks guess at once: then they are not counted, for nobody may be locked out by
// what others do.
GuessLimit::Client* GuessLimit::find_or_make(const std::string& address) {
  if (auto* known = find(address)) return known;
  if (clients_.size() >= limits::kGuessAddresses) forget();
  if (clients_.size() >= limits::kGuessAddresses) return nullptr;
  return &clients_[client_network(address)];
}

void GuessLimit::forget() {
  const auto now = now_();
  if (now < next_forget_) return;
  next_forget_ = now + kForgetEvery;
  std::erase_if(clients_, [now](const auto& entry) { return entry.second.wrong.back() <= now - kWindow; });
}

void GuessLimit::count(Client& client) const {
  if (client.wrong.size() == limits::kGuesses) client.wrong.pop_front();
  client.wrong.push_back(now_());
}

void GuessLimit::prune(Client& client) const {
  const auto since = now_() - kWindow;
  while (!client.wrong.empty() && client.wrong.front() <= since) client.wrong.pop_front();
}

}  // namespace runbook::http
