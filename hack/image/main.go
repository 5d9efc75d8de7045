// Command image builds the operator's image as an OCI layout, for every platform, without a container engine or a registry. What is in it is what the Dockerfile
// puts there; the same commit, Go and certificate authorities give the same digests.
//
//	go -C hack/image run . -version v0.1.0 -out ../../dist/image
package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

func main() {
	var b build
	var platforms string
	flag.StringVar(&b.root, "root", "../..", "the project's folder")
	flag.StringVar(&b.version, "version", "dev", "the version that the operator says it is")
	flag.StringVar(&b.authorities, "ca-certificates", "/etc/ssl/certs/ca-certificates.crt", "the public authorities, in PEM, that Plesk's certificates are checked against")
	flag.StringVar(&platforms, "platforms", "linux/amd64,linux/arm64", "what to build for")
	out := flag.String("out", "../../dist/image", "the folder for the layout; what it holds is replaced")
	flag.Parse()
	b.platforms = strings.Split(platforms, ",")
	digest, err := b.into(*out)
	if err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
	fmt.Println(digest)
}

// build is what an image is made of.
type build struct {
	root        string
	version     string
	authorities string
	platforms   []string
}

// into writes the layout and returns the digest of its index.
func (b build) into(folder string) (v1.Hash, error) {
	made, commit, err := b.commit()
	if err != nil {
		return v1.Hash{}, err
	}
	work, err := os.MkdirTemp("", "plesk-operator-image-")
	if err != nil {
		return v1.Hash{}, err
	}
	defer os.RemoveAll(work)
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, name := range b.platforms {
		platform, err := v1.ParsePlatform(name)
		if err != nil {
			return v1.Hash{}, err
		}
		image, err := b.image(*platform, work, made, commit)
		if err != nil {
			return v1.Hash{}, fmt.Errorf("%s: %w", name, err)
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: platform}})
	}
	if err := os.RemoveAll(folder); err != nil {
		return v1.Hash{}, err
	}
	if _, err := layout.Write(folder, index); err != nil {
		return v1.Hash{}, err
	}
	return index.Digest()
}

// commit is the time and the name of what is checked out. All files of the image bear that time.
func (b build) commit() (time.Time, string, error) {
	var seconds int64
	var name string
	out, err := exec.Command("git", "-C", b.root, "log", "-1", "--format=%ct %H").Output()
	if err != nil {
		return time.Time{}, "", fmt.Errorf("git log: %w", err)
	}
	if _, err := fmt.Sscan(string(out), &seconds, &name); err != nil {
		return time.Time{}, "", fmt.Errorf("git log: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), name, nil
}

// image is the one for a platform: the program and the authorities, run by nobody.
func (b build) image(p v1.Platform, work string, made time.Time, commit string) (v1.Image, error) {
	program := filepath.Join(work, "manager-"+p.Architecture)
	if err := b.compile(p, program); err != nil {
		return nil, err
	}
	layer, err := layerOf(made, []file{
		{"etc/", 0o755, ""}, {"etc/ssl/", 0o755, ""}, {"etc/ssl/certs/", 0o755, ""}, {"etc/ssl/certs/ca-certificates.crt", 0o644, b.authorities},
		{"manager", 0o755, program},
	})
	if err != nil {
		return nil, err
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	if image, err = mutate.Append(image, mutate.Addendum{Layer: layer, History: v1.History{Created: v1.Time{Time: made}, CreatedBy: "hack/image"}}); err != nil {
		return nil, err
	}
	config, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Variant, config.Created = p.OS, p.Architecture, p.Variant, v1.Time{Time: made}
	config.Config = v1.Config{
		Entrypoint: []string{"/manager"}, User: "65532:65532",
		Labels: map[string]string{
			"org.opencontainers.image.title": "plesk-operator", "org.opencontainers.image.version": b.version, "org.opencontainers.image.revision": commit,
		},
	}
	return mutate.ConfigFile(image, config)
}

func (b build) compile(p v1.Platform, to string) error {
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -X main.version="+b.version, "-o", to, "./cmd/manager")
	build.Dir = b.root
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.OS, "GOARCH="+p.Architecture)
	if said, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, said)
	}
	return nil
}

// file is one of an image; a name that ends with a slash is a folder.
type file struct {
	name string
	mode int64
	from string
}

// layerOf is a layer of these files, in their order, all of one time and the administrator's.
func layerOf(made time.Time, files []file) (v1.Layer, error) {
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, f := range files {
		header := &tar.Header{Name: f.name, Mode: f.mode, ModTime: made, Typeflag: tar.TypeDir, Format: tar.FormatPAX}
		var content []byte
		if f.from != "" {
			var err error
			if content, err = os.ReadFile(f.from); err != nil {
				return nil, err
			}
			if len(content) == 0 {
				return nil, errors.New(f.from + " is empty")
			}
			header.Typeflag, header.Size = tar.TypeReg, int64(len(content))
		}
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := w.Write(content); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(archive.Bytes())), nil }, tarball.WithMediaType(types.OCILayer))
}
