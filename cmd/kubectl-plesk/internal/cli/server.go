// Which server a command reads: a PleskServer of the cluster, or one that flags describe.

package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/definitions"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/export"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// The environment that holds credentials for --url. The first says what they are for.
const (
	envURL       = "PLESK_URL"
	envUsername  = "PLESK_USERNAME"
	envPassword  = "PLESK_PASSWORD"
	envSecretKey = "PLESK_SECRET_KEY"
)

// serverFlags say which server it is, and how it is reached without a cluster.
type serverFlags struct{ server, url, credentialsFile, caFile string }

// add adds the flags, but for --on, which means something else to each command.
func (f *serverFlags) add(e *env, c *cobra.Command) {
	c.Flags().StringVar(&f.url, "url", "", "the server's URL, e.g. https://web-01.example.com:8443, instead of a PleskServer of the cluster")
	c.Flags().StringVar(&f.credentialsFile, "credentials-file", "", "with --url: a file with the manifest of the Secret that holds the credentials")
	c.Flags().StringVar(&f.caFile, "ca-file", "", "with --url: a file with the certificate authorities of the server, PEM, instead of the system's")
	e.addAllowAddresses(c.Flags())
}

// addAllowAddresses adds the flag of whatever connects to servers.
func (e *env) addAllowAddresses(flags *pflag.FlagSet) {
	flags.StringVar(&e.allowAddresses, "allow-addresses", "", "networks that servers may be in although they are refused otherwise, e.g. 127.0.0.0/8, separated by commas")
}

// reach is where servers may be.
func (e *env) reach() (reach engine.Reach, err error) {
	allow, err := xmlapi.ParsePrefixes(e.allowAddresses)
	if err != nil {
		return reach, fmt.Errorf("--allow-addresses: %w", err)
	}
	reach.Addresses = e.addresses
	reach.Addresses.Allow = slices.Concat(reach.Addresses.Allow, allow)
	return reach, nil
}

// on is the PleskServer that --on names. Its namespace is "" where none is named.
func (f *serverFlags) on() (of v1alpha1.ServerReference, err error) {
	of.Name = f.server
	if in, name, ok := strings.Cut(f.server, "/"); ok {
		of.Namespace, of.Name = in, name
		if in == "" || name == "" || strings.Contains(name, "/") {
			return of, fmt.Errorf("--on %s: want NAME or NAMESPACE/NAME", f.server)
		}
	}
	return of, nil
}

// source finds the server and its Secrets.
func (f *serverFlags) source(ctx context.Context, cluster func() (client.Reader, string, error)) (srv *v1alpha1.PleskServer, credentials, ca *corev1.Secret, err error) {
	if f.url == "" {
		if f.server == "" {
			return nil, nil, nil, errors.New("--on or --url is required")
		}
		return f.fromCluster(ctx, cluster)
	}
	on, err := f.on()
	if err == nil && on.Name == "" {
		err = errors.New("--on is required with --url: the name of the PleskServer that the manifests refer to")
	}
	if err != nil {
		return nil, nil, nil, err
	}
	srv = &v1alpha1.PleskServer{ObjectMeta: metav1.ObjectMeta{Namespace: on.Namespace, Name: on.Name}, Spec: v1alpha1.PleskServerSpec{URL: f.url}}
	if credentials, err = f.credentials(); err != nil {
		return nil, nil, nil, err
	}
	srv.Spec.CredentialsSecretRef.Name = credentials.Name
	if f.caFile != "" {
		bundle, err := os.ReadFile(f.caFile)
		if err != nil {
			return nil, nil, nil, err
		}
		credentials.Data["ca.crt"] = bundle
	}
	return srv, credentials, nil, nil
}

// credentials are those of a file, or of the environment. Either says itself which server they are for.
func (f *serverFlags) credentials() (*corev1.Secret, error) {
	if f.credentialsFile == "" {
		if os.Getenv(envURL) == "" {
			return nil, fmt.Errorf("--url needs credentials: --credentials-file, or the environment (%s, and %s with %s, or %s)", envURL, envUsername, envPassword, envSecretKey)
		}
		return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "the environment"}, Type: corev1.SecretTypeOpaque, Data: map[string][]byte{
			"url": []byte(os.Getenv(envURL)), "username": []byte(os.Getenv(envUsername)), "password": []byte(os.Getenv(envPassword)), "secretKey": []byte(os.Getenv(envSecretKey)),
		}}, nil
	}
	text, err := os.ReadFile(f.credentialsFile)
	if err != nil {
		return nil, err
	}
	var s corev1.Secret
	if yaml.Unmarshal(text, &s) != nil || s.Kind != "Secret" { // an error would quote what is in the file
		return nil, fmt.Errorf("%s is not the manifest of a Secret", f.credentialsFile)
	}
	definitions.StoreSecret(&s)
	return &s, nil
}

// fromCluster reads a PleskServer and its Secrets with the user's rights.
func (f *serverFlags) fromCluster(ctx context.Context, cluster func() (client.Reader, string, error)) (srv *v1alpha1.PleskServer, credentials, ca *corev1.Secret, err error) {
	for flag, set := range map[string]string{"--credentials-file": f.credentialsFile, "--ca-file": f.caFile} {
		if set != "" {
			return nil, nil, nil, fmt.Errorf("%s goes with --url: a PleskServer has its own", flag)
		}
	}
	on, err := f.on()
	if err != nil {
		return nil, nil, nil, err
	}
	reader, namespace, err := cluster()
	if err != nil {
		return nil, nil, nil, err
	}
	name := types.NamespacedName{Namespace: cmp.Or(on.Namespace, namespace), Name: on.Name}
	srv = &v1alpha1.PleskServer{}
	if err := reader.Get(ctx, name, srv); err != nil {
		return nil, nil, nil, explain(err, "get", "pleskservers", name.Namespace)
	}
	credentials, ca, err = engine.ReadSecrets(ctx, reader, srv)
	return srv, credentials, ca, explain(err, "get", "secrets", name.Namespace)
}

// open connects to the server, to read it.
func (f *serverFlags) open(ctx context.Context, srv *v1alpha1.PleskServer, credentials, ca *corev1.Secret, reach engine.Reach) (*export.Source, error) {
	if f.url != "" {
		if u, err := url.Parse(f.url); err != nil || u.User != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return nil, errors.New("--url: want https://HOST:PORT, without a login") // which is not repeated: it may hold a password
		}
	}
	from, err := export.Open(ctx, srv, credentials, ca, reach, "kubectl-plesk")
	if _, ours := errors.AsType[*engine.ConfigError](err); ours && f.url != "" {
		if f.credentialsFile != "" {
			return nil, fmt.Errorf("--credentials-file %s is not taken for --url %s: %w", f.credentialsFile, f.url, err)
		}
		return nil, fmt.Errorf("%s, %s, %s and %s are not taken for --url %s: the credentials have to be complete, %s has to name that origin, and a server over http needs --credentials-file, whose Secret permits it (key tls)",
			envURL, envUsername, envPassword, envSecretKey, f.url, envURL)
	}
	return from, withHint(err)
}
