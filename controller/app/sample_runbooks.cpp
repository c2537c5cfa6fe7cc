#include "controller/app/sample_runbooks.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "controller/yaml/yaml_reader.hpp"
#include "db/embedded.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::app {
namespace {

std::string described(const Error& error) {
  std::string text = error.message;
  for (const auto& fault : error.faults) text += fmt::format("; {}: {}", fault.pointer, fault.message);
  return text;
}

bool has_title(const boost::json::object& page, const std::string& title) {
  for (const auto& item : page.at("items").as_array()) {
    if (item.at("title").as_string() == title) return true;
  }
  return false;
}

}  // namespace

std::vector<SampleRunbook> sample_runbooks() {
  std::vector<SampleRunbook> samples;
  for (const auto& file : db::embedded_samples()) {
    const auto document = yaml::read(std::string{file.text});
    if (!document) {
      throw std::logic_error(fmt::format("sample {}: {}", file.name, document.error().message));
    }
    auto judged = domain::judge_runbook(document->value, &runtime::new_uuid);
    if (!judged) throw std::logic_error(fmt::format("sample {}: {}", file.name, described(judged.error())));
    samples.push_back({std::move(*judged), std::string{file.text}});
  }
  return samples;
}

boost::asio::awaitable<void> load_sample_runbooks(store::RunbookStore& runbooks, Uuid person,
                                                  store::Origin by) {
  for (auto& sample : sample_runbooks()) {
    store::RunbookFilter filter;
    filter.title = sample.content.title;
    filter.reach = domain::Reach::everything();
    const auto known = co_await runbooks.list(std::move(filter));
    if (!known || has_title(*known, sample.content.title)) continue;
    store::NewVersion version;
    version.content = std::move(sample.content);
    version.source_yaml = std::move(sample.yaml);
    version.message = "Sample that comes with Runbook Studio";
    version.person = person;
    const auto made = co_await runbooks.create(std::move(version), domain::Reach::everything(), by);
    if (!made) throw std::logic_error("sample: " + described(made.error()));
  }
}

}  // namespace runbook::app
