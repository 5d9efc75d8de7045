// What earlier runs have written: manifests say themselves what they are about, so that they can be moved, renamed and edited.

package export

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// The annotations by which a later run knows a manifest again.
const (
	AnnotationServer = "plesk-operator.dev/exported-from" // the GUID of the server
	AnnotationID     = "plesk-operator.dev/exported-id"   // see idOf
)

// KnownObject is a manifest of an earlier run.
type KnownObject struct{ Server, Kind, ID, Name, File string }

// Known are the manifests of earlier runs, by server, kind and id.
type Known map[string]KnownObject

func (k Known) find(server, kind, id string) (KnownObject, bool) {
	o, ok := k[server+"/"+kind+"/"+id]
	return o, ok
}

// ReadKnown reads all manifests in a folder and below it. A folder that is not there has none. A file that cannot be read as manifests is an error: what
// it is about might be written twice.
func ReadKnown(dir string) (Known, error) {
	known := Known{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil && path == dir && errors.Is(err, fs.ErrNotExist):
			return filepath.SkipAll
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != dir:
			return filepath.SkipDir
		case !entry.Type().IsRegular() || filepath.Ext(path) != ".yaml" && filepath.Ext(path) != ".yml":
			return nil
		}
		text, err := os.ReadFile(path) //nolint:gosec // of the folder that was named
		if err != nil {
			return err
		}
		return known.read(path, text)
	})
	return known, err
}

func (k Known) read(path string, text []byte) error {
	for _, document := range documents(text) {
		var content map[string]any
		if err := yaml.Unmarshal(document, &content); err != nil {
			return errors.New(path + " cannot be read as manifests: " + err.Error())
		}
		o := unstructured.Unstructured{Object: content}
		server, id := o.GetAnnotations()[AnnotationServer], o.GetAnnotations()[AnnotationID]
		if server == "" || id == "" || o.GroupVersionKind().Group != v1alpha1.GroupVersion.Group {
			continue
		}
		key := server + "/" + o.GetKind() + "/" + id
		if other, twice := k[key]; twice {
			return errors.New(path + " and " + other.File + " describe the same " + o.GetKind() + ": remove one of the two")
		}
		k[key] = KnownObject{Server: server, Kind: o.GetKind(), ID: id, Name: o.GetName(), File: path}
	}
	return nil
}

// documents are those of a YAML stream.
func documents(text []byte) (out [][]byte) {
	var one []byte
	for line := range bytes.Lines(text) {
		if bytes.Equal(bytes.TrimRight(line, " \t\r\n"), []byte("---")) {
			out, one = append(out, one), nil
			continue
		}
		one = append(one, line...)
	}
	return append(out, one)
}
