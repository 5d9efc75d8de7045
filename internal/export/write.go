// Writing manifests: into a folder that people edit, or as one stream.

package export

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// manifest is an object as it is written: without a status, and without what only the API server sets.
func manifest(o v1alpha1.Object) (map[string]any, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	var content map[string]any
	if err := utiljson.Unmarshal(text, &content); err != nil { // whole numbers stay whole
		return nil, err
	}
	delete(content, "status")
	if m, ok := content["metadata"].(map[string]any); ok {
		delete(m, "creationTimestamp")
	}
	return content, nil
}

func text(o v1alpha1.Object) ([]byte, error) {
	content, err := manifest(o)
	if err != nil {
		return nil, err
	}
	return yaml.Marshal(content)
}

// WriteStream writes all manifests as one stream.
func (r *Result) WriteStream(w io.Writer) error {
	for _, o := range r.Objects {
		t, err := text(o.Object)
		if err != nil {
			return err
		}
		if _, err := w.Write(append([]byte("---\n"), t...)); err != nil {
			return err
		}
	}
	return nil
}

// SecretManifests are those of the Secrets to make, one for each name, with nothing in them: a key without a value is no password.
func (r *Result) SecretManifests() ([]byte, error) {
	keys := map[string]map[string]string{}
	for _, s := range r.Secrets {
		if keys[s.Name] == nil {
			keys[s.Name] = map[string]string{}
		}
		keys[s.Name][s.Key] = ""
	}
	var out []byte
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		text, err := yaml.Marshal(map[string]any{"apiVersion": "v1", "kind": "Secret", "metadata": map[string]string{"name": name}, "stringData": keys[name]})
		if err != nil {
			return nil, err
		}
		out = append(append(out, "---\n"...), text...)
	}
	return out, nil
}

// Written says what became of a folder.
type Written struct {
	New  []string // files
	Kept int      // manifests that were there already, and stay as they are
	// Unlisted are files that a kustomization does not list and that could not be added to it.
	Unlisted []string
}

// kustomizations are the names that a kustomization may have; a new one gets the first.
var kustomizations = []string{"kustomization.yaml", "kustomization.yml", "Kustomization"}

// WriteFolder writes what is new into a folder: a file for each object, a folder for each customer, and in each folder a kustomization that lists
// what is in it. A file that is there is never changed, but for lines added to the resources of a kustomization. Nothing is written outside of the
// folder: links that lead out of it are not followed.
func (r *Result) WriteFolder(dir string) (w Written, err error) {
	type file struct {
		path string
		text []byte
	}
	var files []file
	listed := map[string][]string{} // by folder
	for _, o := range r.Objects {
		if o.File != "" {
			w.Kept++
			continue
		}
		name := strings.ToLower(strings.TrimPrefix(o.Kind, "Plesk")) + "-" + o.GetName() + ".yaml"
		t, err := text(o.Object)
		if err != nil {
			return w, err
		}
		files = append(files, file{path.Join(o.Folder, name), t})
		listed[o.Folder] = append(listed[o.Folder], name)
		for folder := o.Folder; folder != "."; folder = path.Dir(folder) {
			if in := path.Dir(folder); !slices.Contains(listed[in], path.Base(folder)) {
				listed[in] = append(listed[in], path.Base(folder))
			}
		}
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return w, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return w, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	for _, f := range files { // before any byte is written
		if _, err := root.Lstat(f.path); err == nil {
			return w, fmt.Errorf("%s is there and says nothing of what it describes: move it away, or restore its annotations %s and %s",
				filepath.Join(dir, f.path), AnnotationServer, AnnotationID)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return w, fmt.Errorf("%s cannot be written: %w", filepath.Join(dir, f.path), err)
		}
	}
	for _, f := range files {
		if err := writeNew(root, f.path, f.text); err != nil {
			return w, err
		}
		w.New = append(w.New, filepath.Join(dir, f.path))
	}
	for _, folder := range slices.Sorted(maps.Keys(listed)) {
		left, err := list(root, folder, listed[folder])
		if err != nil {
			return w, err
		}
		for _, l := range left {
			w.Unlisted = append(w.Unlisted, path.Join(folder, l))
		}
	}
	return w, nil
}

// WriteNew writes a file that must not be there: whole, or not at all.
func WriteNew(at string, text []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(at), 0o750); err != nil {
		return err
	}
	root, err := os.OpenRoot(filepath.Dir(at))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	return writeNew(root, filepath.Base(at), text)
}

func writeNew(root *os.Root, at string, text []byte) error {
	if err := root.MkdirAll(path.Dir(at), 0o750); err != nil {
		return err
	}
	half, err := writeHalf(root, at, text)
	if err != nil {
		return err
	}
	defer func() { _ = root.Remove(half) }() // gone where all went well
	if err := root.Link(half, at); errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already", filepath.Join(root.Name(), at))
	} else if err != nil {
		return err
	}
	return nil
}

// writeHalf writes a file that is to become another one, whole, beside that.
func writeHalf(root *os.Root, at string, text []byte) (string, error) {
	half := path.Join(path.Dir(at), ".export-"+rand.Text())
	f, err := root.OpenFile(half, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, root.Remove(half))
	}
	return half, nil
}

// list adds resources to the kustomization of a folder, and leaves all else in it as it is. What is left could not be added.
func list(root *os.Root, folder string, resources []string) (left []string, _ error) {
	at := path.Join(folder, kustomizations[0])
	for _, name := range kustomizations {
		is, err := root.Lstat(path.Join(folder, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if at = path.Join(folder, name); !is.Mode().IsRegular() {
			return resources, nil // a link would become a file
		}
		break
	}
	old, err := root.ReadFile(at)
	if errors.Is(err, fs.ErrNotExist) {
		lines := "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
		for _, r := range resources {
			lines += "- " + scalar(r) + "\n"
		}
		return nil, writeNew(root, at, []byte(lines))
	}
	if err != nil {
		return nil, err
	}
	var content struct {
		Resources []string `json:"resources"`
	}
	if err := yaml.Unmarshal(old, &content); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(root.Name(), at), err)
	}
	resources = slices.DeleteFunc(slices.Clone(resources), func(r string) bool {
		return slices.ContainsFunc(content.Resources, func(has string) bool { return path.Clean(has) == r })
	})
	if len(resources) == 0 {
		return nil, nil
	}
	added, ok := addedTo(old, resources)
	if !ok {
		return resources, nil
	}
	half, err := writeHalf(root, at, added)
	if err != nil {
		return nil, err
	}
	return nil, root.Rename(half, at)
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
