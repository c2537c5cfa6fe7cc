#include "controller/domain/targets.hpp"

#include <fmt/format.h>

#include <set>

#include "controller/domain/selector.hpp"
#include "protocol/messages/json.hpp"

namespace runbook::domain {

namespace json = boost::json;

namespace {

void judge_hosts(const std::vector<std::string>& hosts, const std::string& pointer, Faults& faults) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const auto at = fmt::format("{}/{}", pointer, i);
    if (hosts[i].empty()) faults.add(at, fault::kBadValue, "A host's name or id must not be empty.");
    if (!seen.insert(hosts[i]).second) faults.add(at, fault::kDuplicate, "This host is named twice.");
  }
}

}  // namespace

std::optional<Targets> read_targets(const json::value& value, const std::string& pointer, Need need,
                                    Faults& faults) {
  const auto before = faults.size();
  ObjectReader reader(value, pointer, faults);
  if (!reader.is_object()) return std::nullopt;
  Targets targets;
  const TextRule rule{.max_bytes = limits::kSelectorBytes, .not_empty = false};
  targets.selector = reader.text("selector", rule).value_or("");
  if (const auto selector = Selector::parse(targets.selector); !selector) {
    reader.fault("selector", fault::kBadValue, selector.error().message);
  } else if (targets.selector.find_first_not_of(" \t\r\n") == std::string::npos) {
    targets.selector.clear();
  }
  targets.hosts = reader.texts("hosts", limits::kTargetHosts, limits::kLabelKeyBytes)
                      .value_or(std::vector<std::string>{});
  judge_hosts(targets.hosts, reader.pointer("hosts"), faults);
  reader.refuse_unknown();
  if (faults.size() == before && need == Need::kRequired && targets.empty()) {
    faults.add(pointer, fault::kRequired, "Targets need a selector or hosts.");
  }
  if (faults.size() != before) return std::nullopt;
  return targets;
}

json::object to_json(const Targets& targets) {
  json::object object;
  if (!targets.selector.empty()) object["selector"] = targets.selector;
  if (!targets.hosts.empty()) object["hosts"] = json::value_from(targets.hosts);
  return object;
}

Labels read_labels(const json::value& value, const std::string& pointer, Faults& faults) {
  Labels labels;
  const auto* object = value.if_object();
  if (object == nullptr) {
    faults.add(pointer, fault::kWrongType, "Labels must be an object of texts.");
    return labels;
  }
  if (object->size() > limits::kLabels) {
    faults.add(pointer, fault::kTooMany, fmt::format("There may be at most {} labels.", limits::kLabels));
    return labels;
  }
  for (const auto& entry : *object) {
    const std::string key = entry.key();
    const auto at = pointer + '/' + pointer_token(key);
    if (auto wrong = label_key_fault(key); !wrong.empty()) {
      faults.add(at, fault::kBadValue, wrong + '.');
    } else if (!entry.value().is_string()) {
      faults.add(at, fault::kWrongType, "A label's value must be a text.");
    } else if (auto bad = label_value_fault(entry.value().get_string()); !bad.empty()) {
      faults.add(at, fault::kBadValue, bad + '.');
    } else {
      labels.emplace(key, std::string(entry.value().get_string()));
    }
  }
  return labels;
}

json::object to_json(const Labels& labels) {
  json::object object;
  for (const auto& [key, value] : labels) object[key] = value;
  return object;
}

}  // namespace runbook::domain
