// Recipes: what the pages tell people to type is about every kind, also those that come later.

package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A list of resources misses the next kind.
var listOfResources = regexp.MustCompile(`\bplesk[a-z]+s,plesk[a-z]+s\b`)

func TestRecipesListNoResources(t *testing.T) {
	pages, err := filepath.Glob("*.md")
	if err != nil || len(pages) == 0 {
		t.Fatal(pages, err)
	}
	for _, page := range append(pages, "../README.md", "../CONTRIBUTING.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, list := range listOfResources.FindAllString(string(text), -1) {
			t.Errorf("%s lists resources (%s…): the category plesk has all of them", page, list)
		}
	}
}

// textsOfDefinitions are the texts of the custom resource definitions, by file.
func textsOfDefinitions(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../config/crd/bases/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	texts := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[file] = string(text)
	}
	return texts
}

// The recipes go by the category.
func TestEveryKindIsInTheCategory(t *testing.T) {
	for file, text := range textsOfDefinitions(t) {
		if !strings.Contains(text, "\n    categories:\n    - plesk\n") {
			t.Errorf("%s is not in the category plesk", file)
		}
	}
}

// The recipe of a new cluster has everything observe that can, whatever kinds there are.
func TestEveryKindCanBeObservedInANewCluster(t *testing.T) {
	page, err := os.ReadFile("disaster-recovery.md")
	if err != nil {
		t.Fatal(err)
	}
	target := regexp.MustCompile(`target: \{group: plesk-operator\.dev, kind: "(.+)"\}`).FindSubmatch(page)
	if target == nil {
		t.Fatal("disaster-recovery.md has no target of a patch")
	}
	kinds := regexp.MustCompile("^(?:" + string(target[1]) + ")$")
	for file, text := range textsOfDefinitions(t) {
		kind := regexp.MustCompile(`(?m)^    kind: (\w+)$`).FindStringSubmatch(text)
		if kind == nil {
			t.Fatalf("%s names no kind", file)
		}
		if observes := strings.Contains(text, "\n              managementPolicy:\n"); kinds.MatchString(kind[1]) != observes {
			t.Errorf("%s has a managementPolicy: %t; the patch is for it: %t", kind[1], observes, !observes)
		}
	}
}
