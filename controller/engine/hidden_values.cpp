#include "controller/engine/hidden_values.hpp"

#include <algorithm>
#include <utility>

#include "controller/domain/parameters.hpp"
#include "controller/secrets/sealed_secret.hpp"
#include "controller/store/stored_text.hpp"
#include "protocol/messages/json.hpp"
#include "protocol/messages/masker.hpp"

namespace runbook::engine {
namespace {

namespace json = boost::json;

constexpr std::string_view kSealed = "sealed";

std::string name_of(const std::string& parameter) { return "parameter " + parameter; }

// The block's id and not the step's: a repeat is a step of its own and has the same values.
std::string name_of(const domain::Block& block) { return "step " + block.id.str(); }

// Every text becomes kShownSecret, but for what a command runs: no secret is ever part of it.
json::value covered(const json::value& value) {
  if (value.is_string()) return json::value(domain::kShownSecret);
  if (const auto* array = value.if_array()) {
    json::array list;
    for (const auto& item : *array) list.push_back(covered(item));
    return list;
  }
  if (const auto* object = value.if_object()) {
    json::object members;
    for (const auto& entry : *object) {
      const bool is_text_of_command = entry.key() == "script" || entry.key() == "argv";
      members[entry.key()] = is_text_of_command ? entry.value() : covered(entry.value());
    }
    return members;
  }
  return value;
}

std::string* typed_text(domain::Control& control) {
  if (auto* approve = std::get_if<domain::Approve>(&control)) return &approve->note;
  if (auto* reject = std::get_if<domain::Reject>(&control)) return &reject->reason;
  if (auto* complete = std::get_if<domain::Complete>(&control)) return &complete->note;
  if (auto* skip = std::get_if<domain::Skip>(&control)) return &skip->reason;
  return nullptr;
}

}  // namespace

PartedParameters parted_parameters(const std::vector<domain::Parameter>& parameters, json::object values) {
  PartedParameters parted;
  parted.shown = std::move(values);
  for (const auto& parameter : parameters) {
    auto* value = parted.shown.if_contains(parameter.name);
    if (!parameter.secret || value == nullptr) continue;
    parted.secret[parameter.name] = std::move(*value);
    parted.shown[parameter.name] = domain::kShownSecret;
  }
  return parted;
}

std::vector<std::string> secret_texts(const json::object& secret) {
  std::vector<std::string> texts;
  for (const auto& entry : secret) texts.push_back(domain::parameter_text(entry.value()));
  return texts;
}

std::map<std::string, std::string> ExecutionSeals::seal(const json::object& secret, Time now) const {
  std::map<std::string, std::string> sealed;
  for (const auto& entry : secret) {
    const std::string name = entry.key();
    sealed[name] = secrets::seal_part(keys_, execution_, name_of(name), json::serialize(entry.value()), now);
  }
  return sealed;
}

std::optional<json::object> ExecutionSeals::open(const std::map<std::string, std::string>& sealed) const {
  json::object opened;
  for (const auto& [name, token] : sealed) {
    const auto text = secrets::open_part(keys_, execution_, name_of(name), token);
    if (!text) return std::nullopt;
    auto value = parse_json(*text);
    if (!value) return std::nullopt;
    opened[name] = std::move(*value);
  }
  return opened;
}

Result<void> ExecutionSeals::mask(const std::map<std::string, std::string>& sealed,
                                  domain::Control& control) const {
  auto* text = typed_text(control);
  if (text == nullptr || text->empty() || sealed.empty()) return {};
  const auto secret = open(sealed);
  if (!secret) {
    return failure(ErrorCode::kConflict,
                   "The secret parameters of this execution do not open with the keys of this controller, so "
                   "it cannot tell whether the text holds one: nothing was stored.");
  }
  *text = Masker(secret_texts(*secret)).mask(*text);
  return {};
}

domain::Prepared ExecutionSeals::hidden(const domain::Block& block, domain::Prepared prepared,
                                        const domain::Prepared& shown, Time now) const {
  if (prepared.error) {
    const bool told = shown.error.has_value();
    prepared.error = told ? *shown.error : "its expressions fail with the secret parameters that were given";
    return prepared;
  }
  const bool is_condition = std::holds_alternative<domain::ConditionConfig>(block.config);
  if (is_condition || !prepared.applies || prepared.frozen == shown.frozen) return prepared;
  const bool usable = !shown.error && shown.applies;
  auto visible = usable ? shown.frozen : covered(prepared.frozen).as_object();
  if (!std::holds_alternative<domain::InstructionConfig>(block.config)) {
    visible[kSealed] =
        secrets::seal_part(keys_, execution_, name_of(block), store::stored_json(prepared.frozen), now);
  }
  prepared.frozen = std::move(visible);
  return prepared;
}

std::optional<json::object> ExecutionSeals::open(const domain::StepState& step) const {
  const auto* sealed = step.frozen.if_contains(kSealed);
  if (sealed == nullptr) return json::object{};
  const std::string_view token = sealed->as_string();
  const auto text = secrets::open_part(keys_, execution_, name_of(step.block), token);
  if (!text) return std::nullopt;
  auto value = parse_json(*text);
  if (!value || !value->is_object()) return std::nullopt;
  return std::move(value->get_object());
}

bool same_values(const domain::StepState& one, const domain::StepState& other) {
  auto left = one.frozen;
  auto right = other.frozen;
  left.erase(kSealed);
  right.erase(kSealed);
  return left == right && one.opened == other.opened;
}

}  // namespace runbook::engine
