#include "controller/domain/block_configs.hpp"

#include <fmt/format.h>

#include <utility>

namespace runbook::domain {

namespace json = boost::json;

InstructionConfig read_instruction(const json::value& value, const std::string& pointer, Faults& faults) {
  InstructionConfig config;
  ObjectReader reader(value, pointer, faults);
  if (!reader.is_object()) return config;
  const TextRule rule{.need = Need::kRequired, .max_bytes = limits::kDescriptionBytes};
  if (auto text = reader.text("text", rule)) {
    config.text = std::move(*text);
  }
  config.acknowledge = reader.boolean("acknowledge").value_or(true);
  reader.refuse_unknown();
  return config;
}

json::object to_json(const InstructionConfig& config) {
  return {{"text", config.text}, {"acknowledge", config.acknowledge}};
}

namespace {

Branch read_branch(ObjectReader& reader, std::string_view name) {
  Branch branch;
  const auto* value = reader.member(name);
  if (value == nullptr) return branch;
  if (value->is_object()) {
    ObjectReader jump(*value, reader.pointer(name), reader.faults());
    const TextRule rule{.need = Need::kRequired, .max_bytes = limits::kSlugBytes};
    branch.kind = Branch::Kind::kGoto;
    branch.slug = jump.text("goto", rule).value_or("");
    jump.refuse_unknown();
    return branch;
  }
  if (!value->is_string()) {
    reader.fault(
        name, fault::kWrongType,
        fmt::format(R"({} is "continue", "end", "fail" or {{"goto": "<slug of a later block>"}}.)", name));
    return branch;
  }
  const auto word = reader.one_of(name, {"continue", "end", "fail"});
  if (word == "end") branch.kind = Branch::Kind::kEnd;
  if (word == "fail") branch.kind = Branch::Kind::kFail;
  return branch;
}

json::value branch_json(const Branch& branch) {
  switch (branch.kind) {
    case Branch::Kind::kContinue: return json::value("continue");
    case Branch::Kind::kEnd: return json::value("end");
    case Branch::Kind::kFail: return json::value("fail");
    case Branch::Kind::kGoto: return json::object{{"goto", branch.slug}};
  }
  std::unreachable();
}

}  // namespace

ConditionConfig read_condition(const json::value& value, const std::string& pointer, Faults& faults) {
  ConditionConfig config;
  ObjectReader reader(value, pointer, faults);
  if (!reader.is_object()) return config;
  const TextRule rule{.need = Need::kRequired, .max_bytes = limits::kExpressionBytes};
  config.expression = reader.text("expression", rule).value_or("");
  config.then = read_branch(reader, "then");
  config.otherwise = read_branch(reader, "else");
  reader.refuse_unknown();
  return config;
}

json::object to_json(const ConditionConfig& config) {
  return {{"expression", config.expression},
          {"then", branch_json(config.then)},
          {"else", branch_json(config.otherwise)}};
}

TimerConfig read_timer(const json::value& value, const std::string& pointer, Faults& faults) {
  TimerConfig config;
  ObjectReader reader(value, pointer, faults);
  if (!reader.is_object()) return config;
  if (const auto seconds = reader.integer("seconds", 1, limits::kTimerMax.count())) {
    config.duration = std::chrono::seconds(*seconds);
  }
  config.until = reader.time("until");
  const bool has_seconds = reader.member("seconds") != nullptr;
  const bool has_until = reader.nullable("until") != nullptr;
  if (has_seconds && has_until) {
    reader.fault("until", fault::kBadValue, "A timer has either seconds or until, not both.");
  } else if (!has_seconds && !has_until) {
    reader.fault("seconds", fault::kRequired, "A timer needs seconds or until (an RFC 3339 time).");
  }
  reader.refuse_unknown();
  return config;
}

json::object to_json(const TimerConfig& config) {
  if (config.until) return {{"until", rfc3339(*config.until)}};
  return {{"seconds", config.duration ? config.duration->count() : 0}};
}

}  // namespace runbook::domain
