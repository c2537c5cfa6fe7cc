// Runbooks as people write them, and what is in them: expressions, placeholders, shell texts, selectors.
#include <boost/json.hpp>

#include <cstdint>
#include <functional>
#include <string>

#include "controller/domain/command_policy.hpp"
#include "controller/domain/placeholders.hpp"
#include "controller/domain/preparation.hpp"
#include "controller/domain/runbook.hpp"
#include "controller/domain/selector.hpp"
#include "controller/domain/shell_commands.hpp"
#include "controller/domain/shell_text.hpp"
#include "controller/domain/substitution.hpp"
#include "controller/domain/url_text.hpp"
#include "controller/expression/expression.hpp"
#include "controller/yaml/yaml_reader.hpp"
#include "controller/yaml/yaml_writer.hpp"
#include "protocol/messages/json.hpp"
#include "protocol/messages/limits.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace runbook::fuzz {

namespace json = boost::json;

namespace {

// Ids that count up, for one document.
std::function<Uuid()> ids() {
  return [next = std::uint16_t{0}]() mutable {
    ++next;
    Uuid id;
    id.bytes[0] = 1;
    id.bytes[14] = static_cast<std::uint8_t>(next >> 8);
    id.bytes[15] = static_cast<std::uint8_t>(next & 0xFF);
    return id;
  };
}

const json::object& variables() {
  static const json::object kVariables = json::parse(R"json({
    "params": {"name": "ä b'\"$(x)", "n": 3, "list": [1, 2.5, "x"], "none": null, "yes": true},
    "steps": {"a": {"status": "success", "exit_code": 0, "stdout": "out\n", "json": {"k": [1, {"l": "m"}]},
                    "headers": {"x": "y"}, "hosts": {"web1": {"stdout": "1"}}}},
    "execution": {"id": "00000000-0000-0000-0000-000000000001", "title": "t"}
})json")
                                             .as_object();
  return kVariables;
}

// Judged, written and judged again, it is the same runbook.
void check_runbook(const json::value& document) {
  static const domain::CommandPolicy kPolicy;
  const auto saved = domain::judge_runbook(document, ids(), &kPolicy);
  const auto runbook = domain::judge_runbook(document, ids());
  require(runbook.has_value() || !saved.has_value(), "what may be saved may be read");
  if (!runbook) {
    require(!runbook.error().faults.empty() || !runbook.error().message.empty(), "a refusal says why");
    return;
  }
  const auto written = domain::to_json(*runbook);
  const auto again = domain::judge_runbook(written, ids());
  require(again.has_value(), "a runbook that was judged is judged the same when it is read");
  require(json::serialize(domain::to_json(*again)) == json::serialize(written), "and is the same");
}

}  // namespace

void fuzz_runbook_json(std::string_view input) {
  const auto document = parse_json(input);
  if (document) check_runbook(*document);
}

void fuzz_runbook_yaml(std::string_view input) {
  const auto document = yaml::read(std::string(input));
  if (!document) return;
  static_cast<void>(document->place("/blocks/0/config/command"));
  check_runbook(document->value);
  const auto again = yaml::read(yaml::write(document->value));
  require(again.has_value() && again->value == document->value, "YAML that is written reads the same");
}

// What stands where a value may stand becomes one word and nothing else: judged by four kinds of shells.
void fuzz_shell(std::string_view input) {
  const auto placeholders = domain::find_placeholders(input);
  if (!placeholders) return;
  using domain::ShellFamily;
  for (const auto family : {ShellFamily::kPosix, ShellFamily::kBash, ShellFamily::kKsh, ShellFamily::kZsh}) {
    const auto errors = domain::judge_shell_text(input, *placeholders, family);
    require(errors.size() <= placeholders->size(), "a placeholder is refused once");
  }
}

void fuzz_command_policy(std::string_view input) {
  static const auto kStrict = domain::CommandPolicy::of({.refuse = {domain::operator_words().begin(),
                                                                    domain::operator_words().end()}})
                                  .value();
  domain::CommandConfig config;
  config.command = std::string(input);
  const auto refusals = kStrict.judge(config);
  require(refusals.size() <= limits::kFaults, "refusals are bounded");
  auto last = domain::TextPosition{0, 0};
  for (const auto& refusal : refusals) {
    require(domain::is_allow_word(refusal.word), "a refusal names a word of allow");
    require(refusal.at.line > last.line || (refusal.at.line == last.line && refusal.at.column >= last.column),
            "refusals come in the order of the text");
    last = refusal.at;
    config.allow.push_back(refusal.word);
  }
  require(refusals.size() == limits::kFaults || kStrict.judge(config).empty(),
          "what lists all it is refused is refused nothing");
  config.command.clear();
  config.argv = {"sh", "-c", std::string(input)};
  static_cast<void>(kStrict.judge(config));
}

void fuzz_substitution(std::string_view input) {
  const auto text = domain::Template::parse(input);
  if (!text) return;
  const auto rendered = text->render(variables(), 64 * 1024);
  if (rendered) require(rendered->size() <= 64 * 1024, "a rendered text is bounded");
  const auto script = domain::compile_shell_text(*text, variables());
  if (script) require(script->values.size() <= text->substitutions().size(), "a value for each expression");
  static_cast<void>(domain::render_json(json::value(std::string(input)), variables()));
}

void fuzz_expression(std::string_view input) {
  const auto parsed = expression::Expression::parse(input);
  if (!parsed) {
    require(parsed.error().line > 0 && parsed.error().column > 0, "an error has a place");
    return;
  }
  static_cast<void>(parsed->fields_used("steps"));
  static_cast<void>(parsed->unknown_name({"params", "steps", "execution"}));
  const auto value = parsed->evaluate(variables());
  if (!value) return;
  static_cast<void>(expression::print(*value));
  static_cast<void>(expression::to_text(*value));
  const auto as_json = expression::to_json(*value);
  const auto again = parsed->evaluate(variables());
  require(again.has_value() && expression::print(*again) == expression::print(*value), "it has one value");
  static_cast<void>(as_json);
}

void fuzz_selector(std::string_view input) {
  const auto selector = domain::Selector::parse(input);
  static_cast<void>(domain::label_key_fault(input));
  static_cast<void>(domain::label_value_fault(input));
  if (!selector) return;
  const domain::Labels labels = {{"role", "web"}, {"env", "prod"}, {"n", "3"}, {"a/b", ""}};
  const auto matches = selector->matches(labels);
  const auto again = domain::Selector::parse(selector->text());
  require(again.has_value() && again->matches(labels) == matches, "a selector reads as it is written");
  require(json::serialize(again->to_json()) == json::serialize(selector->to_json()), "and is the same");
}

void fuzz_url(std::string_view input) {
  const auto placeholders = domain::find_placeholders(input);
  if (!placeholders) return;
  if (domain::judge_url(input, *placeholders)) return;
  domain::ApiConfig config;
  config.url = std::string(input);
  config.query = {{"q", "${{ params.name }}"}};
  const auto request = domain::api_request(config, variables());
  if (!request) return;
  const auto scheme = request->url.find("://");
  require(scheme == 4 || scheme == 5, "a request is http or https");
  const auto authority = input.substr(0, input.find('/', scheme + 3));
  const auto literal = authority.substr(0, authority.find_first_of("?#$"));
  require(request->url.starts_with(literal), "values do not change where a request goes");
  require(request->url.find_first_of(" \r\n\t") == std::string::npos, "a URL has no blanks");
}

}  // namespace runbook::fuzz
