#include "controller/domain/runbook.hpp"

#include <utility>

#include "controller/domain/blocks.hpp"
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

Result<Runbook> judge_runbook(const json::value& document, const std::function<Uuid()>& new_id) {
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
