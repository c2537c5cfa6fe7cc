#include "controller/domain/runbook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "controller/domain/blocks.hpp"
#include "controller/domain/command_policy.hpp"
#include "controller/domain/expression_checks.hpp"
#include "controller/domain/json_reader.hpp"
#include "controller/domain/parameter_definitions.hpp"
#include "controller/domain/targets.hpp"

namespace runbook::domain {

namespace json = boost::json;

std::string_view Block::type() const {
  constexpr std::array<std::string_view, std::variant_size_v<decltype(config)>> kTypes{
      "instruction", "command", "api", "condition", "timer"};
  return kTypes[config.index()];
}

namespace {

void judge_policy(const ReadBlocks& read, const CommandPolicy& policy, Faults& faults) {
  for (std::size_t i = 0; i < read.blocks.size(); ++i) {
    const auto* config = std::get_if<CommandConfig>(&read.blocks[i].config);
    if (config == nullptr) continue;
    auto refusals = policy.judge(*config);
    std::ranges::move(policy.judge_allow(*config), std::back_inserter(refusals));
    for (const auto& refusal : refusals) {
      const bool has_place = !refusal.place.starts_with("allow");
      faults.add(fmt::format("{}/config/{}", read.pointers[i], refusal.place), fault::kCommandPolicy,
                 has_place ? to_string(refusal) : refusal.message);
    }
  }
}

}  // namespace

Result<Runbook> judge_runbook(const json::value& document, const std::function<Uuid()>& new_id,
                              const CommandPolicy* policy) {
  Faults faults;
  Runbook runbook;
  ObjectReader reader(document, "", faults);
  const TextRule title{.need = Need::kRequired, .max_bytes = limits::kTitleBytes};
  runbook.title = reader.text("title", title).value_or("");
  const TextRule description{.max_bytes = limits::kDescriptionBytes, .not_empty = false};
  runbook.description = reader.text("description", description).value_or("");
  if (const auto* labels = reader.member("labels")) {
    runbook.labels = read_labels(*labels, reader.pointer("labels"), faults);
  }
  if (const auto* parameters = reader.array("parameters", limits::kParameters)) {
    runbook.parameters = read_parameters(*parameters, reader.pointer("parameters"), faults);
  }
  if (const auto* blocks = reader.array("blocks", limits::kBlocks, Need::kRequired)) {
    auto read = read_blocks(*blocks, reader.pointer("blocks"), new_id, faults);
    if (policy != nullptr) judge_policy(read, *policy, faults);
    runbook.blocks = std::move(read.blocks);
    judge_expressions(runbook.blocks, read.pointers, runbook.parameters, faults);
  }
  reader.refuse_unknown();
  if (!faults.empty()) return std::unexpected(faults.error());
  return runbook;
}

json::object to_json(const Runbook& runbook) {
  json::object object;
  object["title"] = runbook.title;
  object["description"] = runbook.description;
  object["labels"] = to_json(runbook.labels);
  json::array parameters;
  for (const auto& parameter : runbook.parameters) parameters.push_back(to_json(parameter));
  object["parameters"] = std::move(parameters);
  json::array blocks;
  for (const auto& block : runbook.blocks) blocks.push_back(to_json(block));
  object["blocks"] = std::move(blocks);
  return object;
}

}  // namespace runbook::domain
