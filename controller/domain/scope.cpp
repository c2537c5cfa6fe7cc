#include "controller/domain/scope.hpp"

#include <algorithm>

namespace runbook::domain {

namespace json = boost::json;

namespace {

bool admits(const std::optional<Selector>& limit, const Labels& labels) {
  return !limit || limit->matches(labels);
}

json::value limit_json(const std::optional<Selector>& limit) {
  if (!limit) return nullptr;
  return limit->to_json();
}

}  // namespace

bool HostScope::contains(const Labels& host) const {
  if (!any_of_) return true;
  return std::ranges::any_of(*any_of_, [&](const Selector& each) { return each.matches(host); });
}

json::value HostScope::to_json() const {
  if (!any_of_) return nullptr;
  json::array selectors;
  for (const auto& each : *any_of_) selectors.push_back(each.to_json());
  return selectors;
}

bool Reach::unlimited() const { return std::ranges::any_of(scopes_, &Scope::unlimited); }

bool Reach::has_runbook(const Labels& runbook) const {
  return std::ranges::any_of(scopes_, [&](const Scope& each) { return admits(each.runbooks, runbook); });
}

bool Reach::has_host(const Labels& host) const {
  return std::ranges::any_of(scopes_, [&](const Scope& each) { return admits(each.hosts, host); });
}

HostScope Reach::hosts_of(const Labels& runbook) const {
  std::vector<Selector> any_of;
  for (const auto& each : scopes_) {
    if (!admits(each.runbooks, runbook)) continue;
    if (!each.hosts) return HostScope::everything();
    any_of.push_back(*each.hosts);
  }
  return HostScope(std::move(any_of));
}

json::value Reach::to_json() const {
  if (unlimited()) return nullptr;
  json::array scopes;
  for (const auto& each : scopes_) {
    scopes.push_back(
        json::object{{"runbooks", limit_json(each.runbooks)}, {"hosts", limit_json(each.hosts)}});
  }
  return scopes;
}

}  // namespace runbook::domain
