#include "controller/domain/expression_checks.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "controller/domain/placeholders.hpp"
#include "controller/domain/shell_text.hpp"
#include "controller/domain/substitution.hpp"
#include "controller/domain/text_places.hpp"
#include "controller/domain/url_text.hpp"
#include "protocol/messages/json.hpp"

namespace runbook::domain {

namespace {

using expression::Expression;

const std::set<std::string>& known_variables() {
  static const std::set<std::string> known{"params", "steps", "execution"};
  return known;
}

class BlockChecks {
 public:
  BlockChecks(const std::map<std::string_view, int>& slugs, const std::set<std::string_view>& parameters,
              Faults& faults)
      : slugs_(slugs), parameters_(parameters), faults_(faults) {}

  void judge(const Block& block, const std::string& pointer) {
    order_ = block.order;
    std::size_t placeholders = 0;
    for (const auto& place : text_places(block)) {
      pointer_ = pointer + place.pointer;
      if (place.kind == TextKind::kExpression) {
        judge_expression(place.text);
      } else {
        placeholders += judge_template(block, place);
      }
    }
    if (placeholders > limits::kBlockPlaceholders) {
      faults_.add(
          pointer + "/config", fault::kTooMany,
          fmt::format("There may be at most {} ${{{{ }}}} in one block.", limits::kBlockPlaceholders));
    }
    if (const auto* condition = std::get_if<ConditionConfig>(&block.config)) {
      judge_jump(condition->then, pointer + "/config/then/goto");
      judge_jump(condition->otherwise, pointer + "/config/else/goto");
    }
  }

 private:
  void judge_expression(std::string_view text) {
    if (text.empty()) return;  // a fault already
    const auto parsed = Expression::parse(text);
    if (!parsed) return faults_.add(pointer_, fault::kBadExpression, expression::to_string(parsed.error()));
    if (const auto unknown = parsed->unknown_name(known_variables())) {
      return faults_.add(pointer_, fault::kBadExpression, expression::to_string(*unknown));
    }
    judge_names(*parsed, "");
  }

  // How many placeholders there are.
  std::size_t judge_template(const Block& block, const TextPlace& place) {
    const auto placeholders = find_placeholders(place.text);
    if (!placeholders) {
      faults_.add(pointer_, fault::kBadPlaceholder, to_string(placeholders.error()));
      return 0;
    }
    if (place.kind == TextKind::kUrl && !place.text.empty()) judge_request_url(place.text, *placeholders);
    if (placeholders->empty()) return 0;
    if (place.kind == TextKind::kShell) judge_shell(block, place.text, *placeholders);
    const auto parsed = Template::parse(place.text);
    if (!parsed) {
      faults_.add(pointer_, fault::kBadExpression, to_string(parsed.error()));
      return placeholders->size();
    }
    for (const auto& each : parsed->substitutions()) {
      if (const auto unknown = each.expression.unknown_name(known_variables())) {
        faults_.add(pointer_, fault::kBadExpression, to_string(located(each.place, *unknown)));
        continue;
      }
      judge_names(each.expression,
                  fmt::format("line {}, column {}: ", each.place.at.line, each.place.at.column));
    }
    return placeholders->size();
  }

  void judge_request_url(std::string_view text, const std::vector<Placeholder>& placeholders) {
    const auto error = judge_url(text, placeholders);
    if (!error) return;
    const bool is_placeholder = error->message.starts_with("${{");
    faults_.add(pointer_, is_placeholder ? fault::kBadPlaceholder : fault::kBadValue, to_string(*error));
  }

  void judge_shell(const Block& block, std::string_view text, const std::vector<Placeholder>& placeholders) {
    const auto& shell = std::get<CommandConfig>(block.config).shell;
    const auto family = shell_family(shell);
    if (!family) {
      const auto message = fmt::format(
          "${{{{ }}}} is for sh, dash, bash, ksh, zsh and busybox sh; a text for {} reads the environment "
          "variable "
          "RUNBOOK_PARAM_<NAME> itself, or one of this block's environment",
          shell.empty() ? "another program" : shell.front());
      return faults_.add(pointer_, fault::kBadPlaceholder, to_string({message, placeholders.front().at}));
    }
    for (const auto& error : judge_shell_text(text, placeholders, *family)) {
      faults_.add(pointer_, fault::kBadPlaceholder, to_string(error));
    }
  }

  void judge_names(const Expression& expression, const std::string& where) {
    for (const auto& slug : expression.fields_used("steps").names) {
      const auto found = slugs_.find(slug);
      if (found == slugs_.end()) {
        faults_.add(pointer_, fault::kUnknownStep, fmt::format("{}no block has the slug {}", where, slug));
      } else if (found->second >= order_) {
        faults_.add(pointer_, fault::kNotEarlier,
                    fmt::format("{}the block {} does not come before this one", where, slug));
      }
    }
    for (const auto& name : expression.fields_used("params").names) {
      if (!parameters_.contains(name)) {
        faults_.add(pointer_, fault::kUnknownParameter,
                    fmt::format("{}the runbook has no parameter {}", where, name));
      }
    }
  }

  void judge_jump(const Branch& branch, const std::string& pointer) {
    if (branch.kind != Branch::Kind::kGoto || branch.slug.empty()) return;
    const auto found = slugs_.find(branch.slug);
    if (found == slugs_.end()) {
      faults_.add(pointer, fault::kUnknownStep, fmt::format("No block has the slug {}.", branch.slug));
    } else if (found->second <= order_) {
      faults_.add(
          pointer, fault::kNotLater,
          fmt::format("The block {} does not come after this one; jumps lead forward only.", branch.slug));
    }
  }

  const std::map<std::string_view, int>& slugs_;
  const std::set<std::string_view>& parameters_;
  Faults& faults_;
  std::string pointer_;
  int order_ = 0;
};

}  // namespace

void judge_expressions(const std::vector<Block>& blocks, const std::vector<std::string>& pointers,
                       const std::vector<Parameter>& parameters, Faults& faults) {
  std::map<std::string_view, int> slugs;
  for (const auto& block : blocks) slugs.emplace(block.slug, block.order);
  std::set<std::string_view> names;
  for (const auto& parameter : parameters) names.insert(parameter.name);
  BlockChecks checks(slugs, names, faults);
  for (std::size_t i = 0; i < blocks.size(); ++i) checks.judge(blocks[i], pointers[i]);
}

}  // namespace runbook::domain
