// Prints the samples as kubectl would: the tables are the API server's own.

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"text/tabwriter"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

// asTable is what kubectl asks for.
const asTable = "application/json;as=Table;v=v1;g=meta.k8s.io"

// printTables prints what `kubectl get plesk` prints.
func (d *demo) printTables(ctx context.Context) error {
	fmt.Fprintf(d.out, "\n$ kubectl get plesk -n %s\n", d.samples.namespace)
	c, err := rest.HTTPClientFor(d.bed.Config)
	if err != nil {
		return err
	}
	defer c.CloseIdleConnections()
	var mappings []*meta.RESTMapping
	for _, o := range d.samples.objects {
		m, err := d.bed.Client.RESTMapper().RESTMapping(o.GroupVersionKind().GroupKind(), o.GroupVersionKind().Version)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(mappings, func(k *meta.RESTMapping) bool { return k.Resource == m.Resource }) {
			mappings = append(mappings, m)
		}
	}
	slices.SortFunc(mappings, func(a, b *meta.RESTMapping) int { return strings.Compare(a.Resource.Resource, b.Resource.Resource) })
	for i, m := range mappings {
		table, err := d.table(ctx, c, m)
		if err != nil {
			return err
		}
		if i > 0 {
			fmt.Fprintln(d.out)
		}
		if err := d.printTable(table, strings.ToLower(m.GroupVersionKind.Kind)+"."+m.Resource.Group+"/"); err != nil {
			return err
		}
	}
	fmt.Fprintln(d.out)
	return nil
}

func (d *demo) table(ctx context.Context, c *http.Client, m *meta.RESTMapping) (_ *metav1.Table, err error) {
	url := fmt.Sprintf("%s/apis/%s/%s/namespaces/%s/%s", strings.TrimSuffix(d.bed.Config.Host, "/"),
		m.Resource.Group, m.Resource.Version, d.samples.namespace, m.Resource.Resource)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", asTable)
	answer, err := c.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, answer.Status)
	}
	table := &metav1.Table{}
	return table, json.NewDecoder(answer.Body).Decode(table)
}

// printTable prints the columns that kubectl shows without -o wide.
func (d *demo) printTable(t *metav1.Table, prefix string) error {
	w := tabwriter.NewWriter(d.out, 6, 4, 3, ' ', 0) // as kubectl
	line := func(text func(column int) string) {
		var cells []string
		for i, c := range t.ColumnDefinitions {
			if c.Priority == 0 {
				cells = append(cells, text(i))
			}
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	line(func(i int) string { return strings.ToUpper(t.ColumnDefinitions[i].Name) })
	for _, row := range t.Rows {
		line(func(i int) string {
			switch cell := row.Cells[i]; {
			case i == 0:
				return prefix + fmt.Sprint(cell)
			case cell == nil:
				return ""
			default:
				return fmt.Sprint(cell)
			}
		})
	}
	return w.Flush()
}
