import { feedPlugin } from "@11ty/eleventy-plugin-rss";

export default function (config) {
	config.addPassthroughCopy("content/img");
	config.addFilter("isoDay", (date) => date.toISOString().slice(0, 10));
	config.addShortcode("tidechart", (port) => `<p>chart of ${port}</p>`);
	config.addPreprocessor("drafts", "*", (data) => (data.draft ? false : undefined));
	config.addPlugin(feedPlugin, {
		type: "atom",
		outputPath: "/feed.xml",
		collection: { name: "posts", limit: 0 },
		metadata: { language: "en", title: "The Harbour Notebook", base: "https://harbour.example/", author: { name: "Mara Lindqvist" } },
	});
	return { dir: { input: "content", includes: "../_includes", data: "../_data" } };
}
