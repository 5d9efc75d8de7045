// Writing manifests: into a folder that people edit, or as one stream.

package export

import (
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

// Written says what became of a folder. After an error it says what was written before that.
type Written struct {
	New     []string // files
	Missing int      // manifests that were not written any more
	Kept    int      // manifests that were there already, and stay as they are
	// Unlisted are manifests that no kustomization of the folder leads to, or the folders that they are in.
	Unlisted []string
}

// file is a manifest to write.
type file struct {
	path string
	text []byte
}

// WriteFolder writes what is new into a folder: a file for each object, a folder for each customer, and in each folder a kustomization that lists
// what is in it. A file that is there is never changed, but for lines added to the resources of a kustomization, about files and folders that this run
// makes: what people have taken out of a list stays out. Nothing is written outside of the folder: links that lead out of it are not followed.
//
// What is made is listed first. Where a run ends half way, kustomize complains of what is not there, and the next run makes it.
func (r *Result) WriteFolder(dir string) (w Written, err error) {
	var files []file
	for _, o := range r.Objects {
		if o.File != "" {
			w.Kept++
			continue
		}
		t, err := text(o.Object)
		if err != nil {
			return w, err
		}
		files = append(files, file{o.path(), t})
	}
	w.Missing = len(files)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return w, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return w, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	listed, err := readKustomizations(root)
	if err != nil {
		return w, err
	}
	toList, err := listed.toList(root, files)
	if err != nil { // and not a byte is written
		return w, err
	}
	for _, folder := range slices.Sorted(maps.Keys(toList)) { // parents first
		if err := list(root, folder, toList[folder]); err != nil {
			return w, err
		}
	}
	for _, f := range files {
		if err := writeNew(root, f.path, f.text); err != nil {
			return w, err
		}
		w.New, w.Missing = append(w.New, filepath.Join(dir, f.path)), w.Missing-1
	}
	if listed, err = readKustomizations(root); err == nil {
		w.Unlisted = listed.unreached(r.paths(dir))
	}
	return w, err
}

// path is that of a new manifest in the folder that is written to.
func (o *Object) path() string {
	return path.Join(o.Folder, strings.ToLower(strings.TrimPrefix(o.Kind, "Plesk"))+"-"+o.GetName()+".yaml")
}

// paths are those of all manifests in a folder.
func (r *Result) paths(dir string) (out []string) {
	for _, o := range r.Objects {
		at := o.path()
		if o.File != "" {
			relative, err := filepath.Rel(dir, o.File)
			if err != nil || !filepath.IsLocal(relative) {
				continue
			}
			at = filepath.ToSlash(relative)
		}
		out = append(out, at)
	}
	return out
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
