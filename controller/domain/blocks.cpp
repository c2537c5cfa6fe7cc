#include "controller/domain/blocks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "controller/domain/block_configs.hpp"
#include "controller/domain/slug.hpp"

namespace runbook::domain {

namespace json = boost::json;

namespace {

struct Taken {
  std::set<Uuid> ids;
  std::set<std::string> slugs;
  std::set<std::int64_t> orders;
};

struct Draft {
  Block block;
  std::pair<std::int64_t, std::int64_t> place;  // the order asked for, then the position
  std::string pointer = {};
};

void read_id(ObjectReader& reader, Block& block, Taken& taken) {
  const auto id = reader.uuid("id");
  if (!id) return;
  if (!taken.ids.insert(*id).second) reader.fault("id", fault::kDuplicate, "Another block has this id too.");
  block.id = *id;
}

void read_slug(ObjectReader& reader, Block& block, Taken& taken) {
  const auto slug = reader.text("slug", {.max_bytes = limits::kSlugBytes, .not_empty = false});
  if (!slug) return;
  if (!is_slug(*slug)) {
    reader.fault("slug", fault::kBadValue,
                 "A slug is a lower-case letter, then lower-case letters, digits and '_'.");
  } else if (!taken.slugs.insert(*slug).second) {
    reader.fault("slug", fault::kDuplicate, fmt::format("Another block has the slug {} too.", *slug));
  }
  block.slug = *slug;
}

std::int64_t read_order(ObjectReader& reader, std::int64_t position, Taken& taken) {
  const auto order = reader.integer("order", 0, std::numeric_limits<std::int32_t>::max());
  if (order && !taken.orders.insert(*order).second) {
    reader.fault("order", fault::kDuplicate, "Another block has this order too.");
  }
  return order.value_or(position);
}

void read_config(ObjectReader& reader, Block& block) {
  const auto type =
      reader.one_of("type", {"instruction", "command", "api", "condition", "timer"}, Need::kRequired);
  const auto* config = reader.member("config", Need::kRequired);
  if (config == nullptr || !type) return;
  const auto pointer = reader.pointer("config");
  if (type == "instruction") block.config = read_instruction(*config, pointer, reader.faults());
  if (type == "command") block.config = read_command(*config, pointer, reader.faults());
  if (type == "api") block.config = read_api(*config, pointer, reader.faults());
  if (type == "condition") block.config = read_condition(*config, pointer, reader.faults());
  if (type == "timer") block.config = read_timer(*config, pointer, reader.faults());
}

Draft read_block(const json::value& item, const std::string& pointer, std::int64_t position, Taken& taken,
                 Faults& faults) {
  Draft draft{.block = {}, .place = {position, position}, .pointer = pointer};
  ObjectReader reader(item, pointer, faults);
  if (!reader.is_object()) return draft;
  read_id(reader, draft.block, taken);
  draft.block.name = reader.text("name", {.need = Need::kRequired}).value_or("");
  read_slug(reader, draft.block, taken);
  draft.place = {read_order(reader, position, taken), position};
  draft.block.continue_on_failure = reader.one_of("on_failure", {"stop", "continue"}) == "continue";
  draft.block.when = reader.text("when", {.max_bytes = limits::kExpressionBytes}).value_or("");
  read_config(reader, draft.block);
  reader.refuse_unknown();
  return draft;
}

}  // namespace

ReadBlocks read_blocks(const json::array& items, const std::string& pointer,
                       const std::function<Uuid()>& new_id, Faults& faults) {
  Taken taken;
  std::vector<Draft> drafts;
  drafts.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    drafts.push_back(
        read_block(items[i], fmt::format("{}/{}", pointer, i), static_cast<std::int64_t>(i), taken, faults));
  }
  std::ranges::sort(drafts, {}, &Draft::place);
  ReadBlocks read;
  auto& blocks = read.blocks;
  for (auto& draft : drafts) {
    auto& block = draft.block;
    block.order = static_cast<int>(blocks.size());
    if (block.id.is_nil()) block.id = new_id();
    if (block.slug.empty()) {
      block.slug = make_slug(block.name, blocks.size(), taken.slugs);
      taken.slugs.insert(block.slug);
    }
    blocks.push_back(std::move(block));
    read.pointers.push_back(std::move(draft.pointer));
  }
  return read;
}

json::object to_json(const Block& block) {
  json::object object;
  object["id"] = block.id.str();
  object["name"] = block.name;
  object["slug"] = block.slug;
  object["type"] = block.type();
  object["order"] = block.order;
  object["on_failure"] = block.continue_on_failure ? "continue" : "stop";
  if (!block.when.empty()) object["when"] = block.when;
  object["config"] = std::visit([](const auto& config) { return to_json(config); }, block.config);
  return object;
}

}  // namespace runbook::domain
