// Writes what the API server needs to know of Kubernetes' protobuf, and what its test holds it to:
//
//	cd sandbox/api/generate/protobuf && go run .
//
// protobuf/messages.generated.json: the fields of every message, with their numbers and types, read from the Go types.
// protobuf/samples.generated.json.gz: objects of every kind, as Kubernetes' own serializer writes them in protobuf and JSON.
//
// The release of k8s.io/api in go.mod is the one that @kubernetes/client-node was made from.
package main

import (
	"compress/gzip"
	"encoding/json"
	"log"
	"os"
	"reflect"
	"sort"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

const out = "../../protobuf/"

func main() {
	for _, add := range []func(*runtime.Scheme) error{apiextensions.AddToScheme, apiregistration.AddToScheme} {
		check(add(scheme.Scheme))
	}
	kinds := stableKinds()
	messages := newMessages()
	for _, kind := range kinds {
		messages.addKind(kind, scheme.Scheme.AllKnownTypes()[kind])
	}
	write("messages.generated.json", messages)
	samples := []sample{}
	for _, kind := range kinds {
		samples = append(samples, samplesOf(kind)...)
	}
	write("samples.generated.json.gz", samples)
	log.Printf("%d kinds, %d messages, %d samples", len(messages.Kinds), len(messages.Messages), len(samples))
}

// stableKinds lists the kinds that clients send, of versions that are no alpha or beta, in a stable order.
func stableKinds() []schema.GroupVersionKind {
	kinds := []schema.GroupVersionKind{}
	for kind, of := range scheme.Scheme.AllKnownTypes() {
		_, isProto := reflect.New(of).Interface().(protoMessage)
		if isProto && isStable(kind.Version) && !isList(of) && kind.Kind != "WatchEvent" {
			kinds = append(kinds, kind)
		}
	}
	sort.Slice(kinds, func(a, b int) bool { return kinds[a].String() < kinds[b].String() })
	return kinds
}

type protoMessage interface{ Marshal() ([]byte, error) }

func isStable(version string) bool {
	return version == "v1" || version == "v2"
}

func isList(of reflect.Type) bool {
	_, found := of.FieldByName("ListMeta")
	return found && of.Name() != "Status"
}

func write(name string, value any) {
	file, err := os.Create(out + name)
	check(err)
	defer file.Close()
	if name[len(name)-3:] != ".gz" {
		check(json.NewEncoder(file).Encode(value))
		return
	}
	packed, err := gzip.NewWriterLevel(file, gzip.BestCompression)
	check(err)
	check(json.NewEncoder(packed).Encode(value))
	check(packed.Close())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
