package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The program says when it is ready, answers with the given credentials, keeps its CA and stops when it is told to.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	passwordFile, tlsDir := filepath.Join(dir, "password"), filepath.Join(dir, "tls")
	if err := os.WriteFile(passwordFile, []byte("S3cret pass\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var firstCA []byte
	for range 2 {
		ctx, cancel := context.WithCancel(context.Background())
		reader, writer := io.Pipe()
		ended := make(chan error, 1)
		go func() {
			ended <- run(ctx, []string{"-listen", "127.0.0.1:0", "-login", "root", "-password-file", passwordFile, "-tls-dir", tlsDir}, writer, io.Discard)
			writer.Close()
		}()
		buffer := make([]byte, 1024)
		n, err := reader.Read(buffer)
		if err != nil {
			t.Fatal(err, <-ended)
		}
		ready := regexp.MustCompile(`^plesksim: ready on (https://127\.0\.0\.1:\d+), CA (.*)\n$`).FindStringSubmatch(string(buffer[:n]))
		if ready == nil {
			t.Fatalf("%q", buffer[:n])
		}
		ca, err := os.ReadFile(ready[2])
		if err != nil || ready[2] != filepath.Join(tlsDir, "ca.crt") {
			t.Fatal(ready[2], err)
		}
		if firstCA != nil && string(firstCA) != string(ca) {
			t.Error("another CA after the restart")
		}
		firstCA = ca
		if body := post(t, ready[1], ca); !strings.Contains(body, "<proto>1.6.9.1</proto>") {
			t.Error(body)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// The program also serves plain HTTP when it is told to, and says where.
func TestPlainHTTP(t *testing.T) {
	dir := t.TempDir()
	passwordFile := filepath.Join(dir, "password")
	if err := os.WriteFile(passwordFile, []byte("S3cret pass\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"-listen", "127.0.0.1:0", "-listen-plain", "127.0.0.1:0", "-login", "root", "-password-file", passwordFile, "-tls-dir", dir}, writer, io.Discard)
		writer.Close()
	}()
	lines := bufio.NewScanner(reader)
	lines.Scan()
	url, told := strings.CutPrefix(lines.Text(), "plesksim: plain HTTP on ")
	if lines.Scan(); !told || !strings.HasPrefix(lines.Text(), "plesksim: ready on https://") {
		t.Fatal(url, lines.Text())
	}
	if body := post(t, url, nil); !strings.Contains(body, "<proto>1.6.9.1</proto>") {
		t.Error(body)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func post(t *testing.T, url string, ca []byte) string {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true}}
	req, err := http.NewRequest(http.MethodPost, url+"/enterprise/control/agent.php", strings.NewReader(`<packet><server><get_protos/></server></packet>`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header["HTTP_AUTH_LOGIN"], req.Header["HTTP_AUTH_PASSWD"] = []string{"root"}, []string{"S3cret pass"}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestArguments(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{},
		{"-password-file", empty},
		{"-tls-dir", dir},
		{"-password-file", filepath.Join(dir, "absent"), "-tls-dir", dir},
		{"-password-file", empty, "-tls-dir", dir},
		{"-password-file", empty, "-tls-dir", dir, "more"},
		{"-unknown"},
	} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%v was accepted", args)
		}
	}
}
