// CommandPolicy::judge: what a command does, against the policy's rules.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

#include "controller/domain/command_policy_rules.hpp"
#include "controller/domain/runbook.hpp"
#include "controller/domain/shell_commands.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::domain {

namespace {

using Words = std::span<const ShellWord>;

struct OperatorText {
  std::string_view word;
  std::string_view name;
};

OperatorText operator_text(ShellOperator kind) {
  switch (kind) {
    case ShellOperator::kPipe: return {"pipe", "A pipe ( | )"};
    case ShellOperator::kAndOr: return {"and_or", "&& or ||"};
    case ShellOperator::kSequence: return {"sequence", "A ; between commands"};
    case ShellOperator::kBackground: return {"background", "A command in the background ( & )"};
    case ShellOperator::kSubshell: return {"subshell", "A subshell ( … )"};
    case ShellOperator::kSubstitution: return {"substitution", "A command substitution $( … )"};
    case ShellOperator::kProcessSubstitution:
      return {"process_substitution", "A process substitution <( … )"};
    case ShellOperator::kInput: return {"input", "Reading a file by <"};
    case ShellOperator::kHereDocument: return {"here_document", "A here-document ( << )"};
  }
  std::unreachable();
}

constexpr std::array<std::string_view, 8> kShells{"sh", "bash", "dash", "ash", "ksh", "zsh", "mksh", "rbash"};
// Programs that run the command behind their options; and options of theirs that take a word.
constexpr std::array<std::string_view, 16> kRunners{
    "sudo",   "doas",    "env",  "nice",    "nohup",  "command", "exec",  "builtin",
    "setsid", "timeout", "time", "busybox", "ionice", "stdbuf",  "xargs", "chroot"};
constexpr std::array<std::string_view, 12> kOptionsWithWord{"-u", "-g", "-n", "-c", "-p", "-s",
                                                            "-k", "-h", "-U", "-C", "-I", "-L"};

bool is_one_of(std::string_view word, const auto& words) {
  return std::ranges::find(words, word) != words.end();
}

std::string_view program_of(std::string_view word) { return word.substr(word.rfind('/') + 1); }

bool is_assignment(std::string_view word) {
  const auto equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  const auto name = word.substr(0, equals);
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '+';
  });
}

Words without_assignments(Words words) {
  while (!words.empty() && is_assignment(words.front().text)) words = words.subspan(1);
  return words;
}

// The command that a runner such as sudo runs; empty when the words are of no runner.
Words inner_command(Words words) {
  if (words.empty()) return {};
  const auto runner = program_of(words.front().text);
  if (!is_one_of(runner, kRunners)) return {};
  words = words.subspan(1);
  while (!words.empty() && words.front().text.starts_with('-')) {
    const bool takes_word = is_one_of(words.front().text, kOptionsWithWord) && runner != "command";
    words = words.subspan(std::min<std::size_t>(takes_word ? 2 : 1, words.size()));
  }
  const bool has_operand = runner == "timeout" || runner == "chroot";
  if (has_operand && !words.empty()) words = words.subspan(1);
  return without_assignments(words);
}

// Its words on one line, as a deny pattern sees them.
std::string line_of(Words words) {
  std::string line;
  for (const auto& word : words) {
    if (!line.empty()) line.push_back(' ');
    const auto text = &word == words.data() ? program_of(word.text) : std::string_view(word.text);
    for (const char c : text) {
      if (c == ' ' || c == '\t' || c == '\n') {
        line += "\\s";
      } else {
        line.push_back(c);
      }
    }
  }
  return line;
}

// Devices that take what is written without harm.
bool is_harmless_device(std::string_view path) {
  constexpr std::array<std::string_view, 4> kHarmless{"/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty"};
  return is_one_of(path, kHarmless) || is_below(path, "/dev/fd");
}

// The word with the shell text of `sh -c TEXT`, or nothing.
const ShellWord* shell_text(Words words) {
  if (words.empty() || !is_one_of(program_of(words.front().text), kShells)) return nullptr;
  bool takes_text = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i].text;
    const bool is_option = word.size() > 1 && (word.front() == '-' || word.front() == '+');
    if (!is_option) return takes_text ? &words[i] : nullptr;
    if (word.starts_with("--")) continue;
    takes_text = takes_text || word.find('c') != std::string_view::npos;
    if (word.ends_with('o') || word.ends_with('O')) ++i;
  }
  return nullptr;
}

class Judge {
 public:
  Judge(const CommandPolicy::Rules& rules, const CommandConfig& config) : rules_(rules), config_(config) {}

  std::vector<PolicyRefusal> judge();

 private:
  struct Finding {
    std::size_t argument = 0;  // of argv; 0 for a shell text
    std::size_t at = 0;        // in it, or in the text
    std::string word;
    std::string message;
  };
  void judge_argv();
  void judge_text();
  void read(std::string_view text, const std::vector<Placeholder>& placeholders);
  void read_inner(std::string_view text, std::size_t at);
  void operators(const ShellReading& reading);
  void write(const ShellReading::Write& write);
  void command(Words words, std::size_t runners = 0);
  void functions(const ShellReading& reading);
  void find(std::size_t at, std::string_view word, std::string message);
  PolicyRefusal refusal(const Finding& finding, TextPosition at) const;
  bool is_allowed(std::string_view word) const { return rules_.allows(config_.allow, std::string(word)); }
  bool refuses(std::string_view word) const {
    return rules_.refuse.contains(std::string(word)) && !is_allowed(word);
  }

  const CommandPolicy::Rules& rules_;
  const CommandConfig& config_;
  std::vector<Finding> found_;
  std::optional<std::size_t> argument_ = {};  // of argv, whose text is being read
  std::size_t texts_ = 0;                     // texts in each other
  std::optional<std::size_t> outer_at_ = {};  // where the text within the text begins
};

void Judge::find(std::size_t at, std::string_view word, std::string message) {
  if (found_.size() >= limits::kFaults) return;
  const bool names_argument = !config_.argv.empty() && !argument_;
  const auto place = outer_at_.value_or(at);
  found_.push_back({names_argument ? place : argument_.value_or(0), names_argument ? 0 : place,
                    std::string(word), std::move(message)});
}

void Judge::operators(const ShellReading& reading) {
  for (const auto& seen : reading.operators) {
    const auto [word, name] = operator_text(seen.kind);
    if (refuses(word)) {
      find(seen.at, word, fmt::format("{} is refused by the command policy", name));
    }
  }
  const bool all_read = !reading.too_deep || is_allowed(kUnreadWord);
  if (!all_read) {
    find(0, kUnreadWord,
         fmt::format("More than {} substitutions in each other are not judged", limits::kShellNesting));
  }
}

void Judge::write(const ShellReading::Write& write) {
  const auto& target = write.target;
  const auto known = std::string_view(target.text).substr(0, target.literal);
  // Of a path with an expansion in it, the folder that is certain.
  const auto certain = target.is_literal() ? known : known.substr(0, known.rfind('/') + 1);
  const auto path = normal_path(certain);
  const bool absolute = certain.starts_with('/');
  if (absolute && is_harmless_device(path)) return;
  if (refuses(kOutputWord)) {
    find(write.at, kOutputWord, "Writing a file by > is refused by the command policy");
  }
  if (!absolute) return;
  const bool is_protected =
      std::ranges::any_of(rules_.paths, [&](const std::string& folder) { return is_below(path, folder); });
  auto word = fmt::format("{}{}", kWritePrefix, path);
  // A path that cannot stand in allow is allowed by a folder of it.
  while (!is_allow_word(word)) word.resize(std::max(word.rfind('/'), kWritePrefix.size() + 1));
  if (!is_protected || is_allowed(word)) return;
  find(write.at, word,
       fmt::format("Writing to {} by a redirection is refused by the command policy", target.text));
}

// `runners`: how many of sudo and its like stand before it.
void Judge::command(Words words, std::size_t runners) {
  words = without_assignments(words);
  if (words.empty()) return;
  const auto line = line_of(words);
  const re2::StringPiece piece(line.data(), line.size());
  for (const auto& denied : rules_.deny) {
    if (!denied.pattern || !re2::RE2::PartialMatch(piece, *denied.pattern)) continue;
    if (denied.unless && re2::RE2::PartialMatch(piece, *denied.unless)) continue;
    if (is_allowed(denied.name)) continue;
    find(words.front().at, denied.name,
         fmt::format("{} is a command that the command policy refuses", words.front().text));
  }
  if (const auto* text = shell_text(words); text != nullptr && text->is_literal()) {
    read_inner(text->text, text->at);
  }
  if (words.front().text == "eval") {
    std::string code;
    for (const auto& word : words.subspan(1))
      code += word.is_literal() ? word.text + ' ' : std::string("$_ ");
    read_inner(code, words.front().at);
  }
  if (runners == limits::kPolicyTexts) return;
  if (const auto runs = inner_command(words); !runs.empty()) command(runs, runners + 1);
}

// A function of which two run where there was one: the classical fork bomb and its kin.
void Judge::functions(const ShellReading& reading) {
  if (is_allowed(kForkBombWord)) return;
  for (const auto& function : reading.functions) {
    const auto end = std::min(function.end, reading.commands.size());
    for (auto i = function.first; i < end; ++i) {
      const auto& command = reading.commands[i];
      if (!command.side_by_side || command.words.front().text != function.name) continue;
      find(function.at, kForkBombWord,
           fmt::format("{} starts itself again side by side (a fork bomb), which the command policy refuses",
                       function.name));
      break;
    }
  }
}

void Judge::read(std::string_view text, const std::vector<Placeholder>& placeholders) {
  const auto reading = read_shell(text, placeholders);
  operators(reading);
  for (const auto& seen : reading.writes) write(seen);
  for (const auto& seen : reading.commands) command(seen.words);
  functions(reading);
}

// A text within a text: what is found in it is told where the outer one has it.
void Judge::read_inner(std::string_view text, std::size_t at) {
  if (texts_ == limits::kPolicyTexts) return;
  const bool of_argv = !config_.argv.empty() && !argument_;
  const auto argument = argument_;
  const auto outer_at = outer_at_;
  if (of_argv) {
    argument_ = at;
  } else if (!outer_at_) {
    outer_at_ = at;
  }
  ++texts_;
  read(text, {});
  --texts_;
  argument_ = argument;
  outer_at_ = outer_at;
}

void Judge::judge_argv() {
  std::vector<ShellWord> words;
  for (std::size_t i = 0; i < config_.argv.size(); ++i) {
    words.push_back({config_.argv[i], i, config_.argv[i].size()});
  }
  command(words);
}

void Judge::judge_text() {
  std::vector<ShellWord> words;
  for (const auto& word : config_.shell) words.push_back({word, 0, word.size()});
  Words shell = words;
  for (auto runs = inner_command(shell); !runs.empty(); runs = inner_command(shell)) shell = runs;
  if (shell.empty() || !is_one_of(program_of(shell.front().text), kShells)) {
    if (refuses(kUnreadWord)) {
      find(0, kUnreadWord, "A text in another language than the shell's is refused by the command policy");
    }
    return;
  }
  const auto placeholders = find_placeholders(config_.command);
  read(config_.command, placeholders.value_or(std::vector<Placeholder>{}));
}

PolicyRefusal Judge::refusal(const Finding& finding, TextPosition at) const {
  const auto advice =
      rules_.allows({finding.word}, finding.word)
          ? fmt::format("list \"{}\" in allow when this block is meant to do it", finding.word)
          : std::string("the administrator of Runbook Studio lets no runbook allow it");
  const auto place = config_.argv.empty() ? std::string("command") : fmt::format("argv/{}", finding.argument);
  return {place, at, finding.word, fmt::format("{}: {}.", finding.message, advice)};
}

std::vector<PolicyRefusal> Judge::judge() {
  if (config_.argv.empty()) {
    judge_text();
  } else {
    judge_argv();
  }
  std::ranges::sort(found_, {}, [](const Finding& f) { return std::tie(f.argument, f.at, f.word); });
  std::vector<PolicyRefusal> refusals;
  std::size_t argument = 0;
  std::string_view text = config_.argv.empty() ? config_.command : config_.argv.front();
  PositionCursor cursor(text);
  for (const auto& finding : found_) {
    if (finding.argument != argument) {
      argument = finding.argument;
      text = config_.argv[argument];
      cursor = PositionCursor(text);
    }
    refusals.push_back(refusal(finding, cursor.at(std::min(finding.at, text.size()))));
  }
  return refusals;
}

}  // namespace

std::vector<PolicyRefusal> CommandPolicy::judge(const CommandConfig& config) const {
  return Judge(*rules_, config).judge();
}

}  // namespace runbook::domain
