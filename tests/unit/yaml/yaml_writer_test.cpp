#include "controller/yaml/yaml_writer.hpp"

#include <gtest/gtest.h>

namespace runbook::yaml {
namespace {

namespace json = boost::json;

TEST(YamlWriter, LooksAsPeopleWriteIt) {
  const auto value = json::parse(R"({
    "title": "Disk space",
    "labels": {"team": "web", "since": "2026"},
    "parameters": [],
    "blocks": [
      {"name": "Look",
       "config": {"command": "df -h | sort\nfree -m\n", "timeout_seconds": 60, "environment": {}}},
      {"name": "Wait", "hosts": ["web1", "web2"], "deep": [[1, 2.0], []]}
    ]})");
  EXPECT_EQ(write(value),
            "title: Disk space\n"
            "labels:\n"
            "  team: web\n"
            "  since: \"2026\"\n"
            "parameters: []\n"
            "blocks:\n"
            "  - name: Look\n"
            "    config:\n"
            "      command: |\n"
            "        df -h | sort\n"
            "        free -m\n"
            "      timeout_seconds: 60\n"
            "      environment: {}\n"
            "  - name: Wait\n"
            "    hosts:\n"
            "      - web1\n"
            "      - web2\n"
            "    deep:\n"
            "      -\n"
            "        - 1\n"
            "        - 2.0\n"
            "      - []\n");
}

TEST(YamlWriter, WhatCouldBeTakenForSomethingElseIsQuoted) {
  for (const auto* text :
       {"",   "no",  "Yes",  "y",    "on",  "OFF", "null",  "~",  "true",       "1",  "1e3", "0x1f",
        "-",  "- a", "a: b", "a #b", "#a",  "'a'", "\"a\"", "&a", "*a",         "!a", "@a",  "`a",
        "%a", "{a",  "[a",   "| a",  "> a", " a",  "a ",    "a:", "2026-11-21", "=",  "<<",  ".inf"}) {
    const auto written = write(json::value(text));
    EXPECT_EQ(written.front(), '"') << text;
  }
  for (const auto* text : {"a", "/etc/hosts", "a:b", "a#b", "du -xh \"$P\" | sort", "it's", "N\xC3\xA4gel"}) {
    EXPECT_EQ(write(json::value(text)), std::string(text) + "\n");
  }
}

TEST(YamlWriter, WhatCannotBePrintedIsEscaped) {
  EXPECT_EQ(write(json::value("\x1B[0m\r\n\x7F\xC2\x85\xE2\x80\xA8\xEF\xBB\xBF")),
            "\"\\u001b[0m\\u000d\\n\\u007f\\u0085\\u2028\\ufeff\"\n");
}

}  // namespace
}  // namespace runbook::yaml
