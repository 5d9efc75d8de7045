// Helm over the chart, and what it renders as objects.

// Package chart holds charts/plesk-operator to config/, which installs the same by kustomize, to the API server, and to what docs/uninstall.md promises. It has tests only.
package chart

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
	ctrllog "sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
)

const (
	root      = "../.."
	folder    = root + "/charts/plesk-operator"
	release   = "plesk-operator" // so named, the objects have the names of config/default
	namespace = "plesk-operator-system"

	withinBuild = 20 * time.Minute // with cold build caches
)

func TestMain(m *testing.M) {
	ctrllog.SetLogger(zap.New(zap.WriteTo(io.Discard)))
	os.Exit(m.Run())
}

// tools finds the programs of hack/tools, each built once, when it is first asked for.
var tools = struct {
	sync.Mutex
	paths map[string]string
}{paths: map[string]string{}}

func tool(ctx context.Context, name string) (string, error) {
	tools.Lock()
	defer tools.Unlock()
	if path := tools.paths[name]; path != "" {
		return path, nil
	}
	if path := os.Getenv(strings.ToUpper(name)); path != "" { // HELM and KUSTOMIZE name programs that are there, as for make
		return path, nil
	}
	// With -n the go command builds the tool and tells where it is.
	out, err := output(ctx, nil, "go", "-C", root, "tool", "-n", "-modfile="+filepath.Join("hack", "tools", name, "go.mod"), name)
	if err != nil {
		return "", err
	}
	tools.paths[name] = strings.TrimSpace(string(out))
	return tools.paths[name], nil
}

// output runs a program and returns what it prints; an error has what it complains of.
func output(ctx context.Context, env []string, program string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("%s %s: %w: %s", filepath.Base(program), args[0], err, problems.String())
	}
	return out, nil
}

// helm runs helm, which keeps what it remembers in a folder of the test's own.
func helm(t *testing.T, args ...string) ([]byte, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), withinBuild)
	defer cancel()
	program, err := tool(ctx, "helm")
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	return output(ctx, []string{"HELM_CACHE_HOME=" + home, "HELM_CONFIG_HOME=" + home, "HELM_DATA_HOME=" + home}, program, args...)
}

// render renders the chart as the release plesk-operator, with further arguments such as --set.
func render(t *testing.T, args ...string) []*unstructured.Unstructured {
	t.Helper()
	out, err := helm(t, append([]string{"template", release, folder, "--namespace", namespace}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	objects, err := decode(out)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// decode reads YAML documents.
func decode(text []byte) ([]*unstructured.Unstructured, error) {
	var objects []*unstructured.Unstructured
	for decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096); ; {
		o := &unstructured.Unstructured{}
		switch err := decoder.Decode(&o.Object); {
		case errors.Is(err, io.EOF):
			return objects, nil
		case err != nil:
			return nil, err
		case len(o.Object) > 0:
			objects = append(objects, o)
		}
	}
}

// named is how an object is called here.
func named(o *unstructured.Unstructured) string {
	return strings.TrimPrefix(fmt.Sprintf("%s %s/%s", o.GetKind(), o.GetNamespace(), o.GetName()), " ")
}

// byName indexes objects, each of which is there once.
func byName(t *testing.T, objects []*unstructured.Unstructured) map[string]*unstructured.Unstructured {
	t.Helper()
	out := map[string]*unstructured.Unstructured{}
	for _, o := range objects {
		if out[named(o)] != nil {
			t.Errorf("%s is there twice", named(o))
		}
		out[named(o)] = o
	}
	return out
}

// ofKind are the objects of a kind.
func ofKind(objects []*unstructured.Unstructured, kind string) []*unstructured.Unstructured {
	var out []*unstructured.Unstructured
	for _, o := range objects {
		if o.GetKind() == kind {
			out = append(out, o)
		}
	}
	return out
}
