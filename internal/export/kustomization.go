// Kustomizations: what they list, what a run adds to them, and which manifests they do not lead to.

package export

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"
)

// kustomizationNames are the names that a kustomization may have; a new one gets the first.
var kustomizationNames = []string{"kustomization.yaml", "kustomization.yml", "Kustomization"}

// kustomization is what is read of one.
type kustomization struct {
	Resources  []string `json:"resources"`
	Components []string `json:"components"`
	Bases      []string `json:"bases"`
}

// kustomizations are those of a folder and below it, by the folder that they are in.
type kustomizations map[string]kustomization

// readKustomizations reads all of them. One that cannot be read is an error, but for links, which lead anywhere: such a one lists nothing.
func readKustomizations(root *os.Root) (kustomizations, error) {
	all := kustomizations{}
	err := fs.WalkDir(root.FS(), ".", func(at string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && at != ".":
			return fs.SkipDir
		case entry.IsDir() || !slices.Contains(kustomizationNames, entry.Name()):
			return nil
		}
		text, err := os.ReadFile(filepath.Join(root.Name(), at)) //nolint:gosec // of the folder that was named
		var k kustomization
		if err == nil {
			err = yaml.Unmarshal(text, &k)
		}
		if err != nil && entry.Type().IsRegular() {
			return fmt.Errorf("%s cannot be read as a kustomization: %w", filepath.Join(root.Name(), at), err)
		}
		all[path.Dir(at)] = k
		return nil
	})
	return all, err
}

// toList are the resources to add, by folder: the files, and those of their folders that are made for them. A folder that is there is listed, or people
// want it otherwise; where nothing is listed beside it yet, nobody does.
func (k kustomizations) toList(root *os.Root, files []file) (map[string][]string, error) {
	out := map[string][]string{}
	for _, f := range files {
		if _, err := root.Lstat(f.path); err == nil {
			return nil, fmt.Errorf("%s is there and says nothing of what it describes: move it away, or restore its annotations %s and %s",
				filepath.Join(root.Name(), f.path), AnnotationServer, AnnotationID)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s cannot be written: %w", filepath.Join(root.Name(), f.path), err)
		}
		folder := path.Dir(f.path)
		out[folder] = append(out[folder], path.Base(f.path))
		for ; folder != "."; folder = path.Dir(folder) {
			in := path.Dir(folder)
			_, err := root.Lstat(folder)
			if _, kept := k[in]; err == nil && kept || slices.Contains(out[in], path.Base(folder)) {
				continue
			}
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
			out[in] = append(out[in], path.Base(folder))
		}
	}
	return out, nil
}

// unreached are those of the files that no kustomization leads to, or the largest folder of which none leads to anything. What is outside of the folders of
// the files, such as an overlay, leads to what it lists, too.
func (k kustomizations) unreached(files []string) (out []string) {
	inside := map[string]bool{".": true} // folders of the files
	for _, f := range files {
		for in := path.Dir(f); in != "."; in = path.Dir(in) {
			inside[in] = true
		}
	}
	reached, seen := map[string]bool{}, map[string]bool{} // reached: with all that they are in
	var follow func(folder string)
	follow = func(folder string) {
		if seen[folder] {
			return
		}
		seen[folder] = true
		for _, resource := range slices.Concat(k[folder].Resources, k[folder].Components, k[folder].Bases) {
			at := path.Join(folder, resource)
			follow(at)
			for ; at != "." && !reached[at]; at = path.Dir(at) {
				reached[at] = true
			}
		}
	}
	follow(".")
	for folder := range k {
		if !inside[folder] {
			follow(folder)
		}
	}
	for _, f := range files {
		if reached[f] {
			continue
		}
		first := f // not reached, nor anything in it
		for in := path.Dir(f); in != "."; in = path.Dir(in) {
			if !reached[in] {
				first = in
			}
		}
		out = append(out, first)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// list adds resources to the kustomization of a folder, and leaves all else in it as it is. Where that is not possible, nothing is added.
func list(root *os.Root, folder string, resources []string) error {
	at := path.Join(folder, kustomizationNames[0])
	for _, name := range kustomizationNames {
		is, err := root.Lstat(path.Join(folder, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if at = path.Join(folder, name); !is.Mode().IsRegular() {
			return nil // a link would become a file
		}
		break
	}
	old, err := root.ReadFile(at)
	if errors.Is(err, fs.ErrNotExist) {
		lines := "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
		for _, r := range resources {
			lines += "- " + scalar(r) + "\n"
		}
		return writeNew(root, at, []byte(lines))
	}
	if err != nil {
		return err
	}
	var has kustomization
	if err := yaml.Unmarshal(old, &has); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(root.Name(), at), err)
	}
	resources = slices.DeleteFunc(slices.Clone(resources), func(r string) bool {
		return slices.ContainsFunc(has.Resources, func(listed string) bool { return path.Clean(listed) == r })
	})
	if len(resources) == 0 {
		return nil
	}
	added, ok := addedTo(old, resources)
	if !ok {
		return nil
	}
	half, err := writeHalf(root, at, added)
	if err != nil {
		return err
	}
	return root.Rename(half, at)
}

// scalar is a text as YAML has it: a login may look like a number.
func scalar(text string) string {
	quoted, err := yaml.Marshal(text)
	if err != nil {
		return strconv.Quote(text) // JSON is YAML
	}
	return strings.TrimSuffix(string(quoted), "\n")
}

// addedTo is a kustomization with more resources behind those that it lists, one on each line; not ok where they stand otherwise.
func addedTo(old []byte, resources []string) (_ []byte, ok bool) {
	lines := bytes.SplitAfter(old, []byte("\n"))
	start := slices.IndexFunc(lines, func(l []byte) bool { return strings.TrimRight(string(l), " \t\r\n") == "resources:" })
	if start < 0 {
		return nil, false
	}
	end, indent := start, ""
	for i := start + 1; i < len(lines); i++ {
		line := string(lines[i])
		item := strings.TrimLeft(line, " ")
		if strings.HasPrefix(item, "- ") {
			end, indent = i, line[:len(line)-len(item)]
		} else if trimmed := strings.TrimSpace(line); trimmed != "" && !strings.HasPrefix(trimmed, "#") {
			break
		}
	}
	if !bytes.HasSuffix(lines[end], []byte("\n")) {
		lines[end] = append(slices.Clone(lines[end]), '\n')
	}
	var out bytes.Buffer
	for i, l := range lines {
		out.Write(l)
		if i == end {
			for _, r := range resources {
				out.WriteString(indent + "- " + scalar(r) + "\n")
			}
		}
	}
	return out.Bytes(), true
}
