// kubectl-plesk is the plugin of kubectl for people who look after Plesk servers.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	root := &cobra.Command{Use: "kubectl-plesk", SilenceUsage: true, SilenceErrors: true}
	namespace := root.PersistentFlags().StringP("namespace", "n", "", "the namespace, instead of that of the current context")
	root.AddCommand(newExport(func() (client.Reader, string, error) { return cluster(*namespace) }))
	err := root.ExecuteContext(ctx)
	stop()
	if err == nil {
		return
	}
	_, _ = fmt.Fprintln(os.Stderr, "error: "+err.Error())
	var coded interface{ ExitCode() int }
	if errors.As(err, &coded) {
		os.Exit(coded.ExitCode())
	}
	os.Exit(1)
}

// cluster is a client of the current context.
func cluster(namespace string) (client.Reader, string, error) {
	config := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(clientcmd.NewDefaultClientConfigLoadingRules(), &clientcmd.ConfigOverrides{})
	rest, err := config.ClientConfig()
	if err != nil {
		return nil, "", err
	}
	if namespace == "" {
		if namespace, _, err = config.Namespace(); err != nil {
			return nil, "", err
		}
	}
	scheme := runtime.NewScheme()
	utilruntime.Must(clientgoscheme.AddToScheme(scheme))
	utilruntime.Must(v1alpha1.AddToScheme(scheme))
	c, err := client.New(rest, client.Options{Scheme: scheme})
	return c, namespace, err
}
